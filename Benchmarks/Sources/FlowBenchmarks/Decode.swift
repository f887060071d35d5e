// OpenAI chat chunks in chunks of 16 KiB, from bytes to the text of chat events.
import FlowHTTP
import FlowProviders
import Flows
import Foundation

private let count = 20_000

/// The JSON of every frame: a role, words, a finish, usage.
private func frames() -> [String] {
  func frame(_ delta: String, _ reason: String, _ rest: String = #","usage":null"#) -> String {
    #"{"id":"chatcmpl-ABmCtgNR3aOd2dC4ZP5JGkPtWuAfe","object":"chat.completion.chunk","created":1727346171,"#
      + #""model":"gpt-4o-2024-08-06","service_tier":"default","system_fingerprint":"fp_5050236cbd","#
      + #""choices":[{"index":0,"delta":\#(delta),"logprobs":null,"finish_reason":\#(reason)}]\#(rest)}"#
  }
  let words = (0..<count - 2).map { number in
    frame(#"{"content":"\#(number % 7 == 0 ? #"\n\""# : " word")\#(number)"}"#, "null")
  }
  let usage = #","usage":{"prompt_tokens":79,"completion_tokens":19998,"total_tokens":20077}"#
  return [frame(#"{"role":"assistant","content":"","refusal":null}"#, "null")] + words
    + [frame("{}", #""stop""#, usage)]
}

private struct Minimal: Decodable {
  struct Choice: Decodable {
    struct Delta: Decodable { var content: String? }
    var delta: Delta
  }
  var choices: [Choice]
}

@inline(never)
private func parsed(_ frames: [Data]) throws -> Int {
  let decoder = JSONDecoder()
  return try frames.reduce(0) { sum, frame in
    let chunk = try decoder.decode(Minimal.self, from: frame)
    return sum + (chunk.choices.first?.delta.content?.utf8.count ?? 0)
  }
}

@inline(never)
private func decoded(_ chunks: [Bytes]) async throws -> Int {
  try await Flow.from(chunks).decoded(as: .openAIChat).reduce(0) { $0 + ($1.text?.utf8.count ?? 0) }
}

func decode(_ table: Table) async throws {
  guard table.wants("decode") else { return }
  let frames = frames()
  let datas = frames.map { Data($0.utf8) }
  let body = Array((frames + ["[DONE]"]).map { "data: \($0)\n\n" }.joined().utf8)
  let chunks = stride(from: 0, to: body.count, by: 16 << 10).map { start in
    Bytes(body[start..<min(start + (16 << 10), body.count)])
  }
  try await table.compare(
    "decode", per: "chunk", count: count, target: 0.2, baseline: "JSONDecoder alone, into a minimal struct",
    { try parsed(datas) }, { try await decoded(chunks) })
}
