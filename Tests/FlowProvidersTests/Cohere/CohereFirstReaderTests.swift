// The first version of Cohere's events.
import Testing

@testable import FlowProviders

@Suite struct CohereFirstReaderTests {
  private func seen(_ lines: String...) -> [ChatEvent] {
    decode(.cohere, lines.joined(separator: "\n") + "\n")
  }

  private let start = #"{"is_finished":false,"event_type":"stream-start","generation_id":"g"}"#

  private func end(_ reason: String, _ rest: String = "") -> String {
    #"{"is_finished":true,"event_type":"stream-end","finish_reason":"\#(reason)","response":{"text":"Hi","generation_id":"g","meta":{"tokens":{"input_tokens":3,"output_tokens":2}}\#(rest)}}"#
  }

  private func text(_ text: String) -> String {
    #"{"is_finished":false,"event_type":"text-generation","text":"\#(text)"}"#
  }

  @Test func `words come in pieces, and once more at the end`() {
    let seen = seen(
      start, text("H"), text("i"),
      #"{"is_finished":false,"event_type":"citation-generation","citations":[{"start":0,"end":2,"text":"Hi","document_ids":["d"]}]}"#,
      end("COMPLETE"))
    #expect(seen.response.text == "Hi")
    #expect(seen.response.sources == [.init(title: "d", quote: "Hi")])
    #expect(seen.finish == Finish(.stop, raw: "COMPLETE"))
    #expect(seen.response.usage?.totalTokens == 5)
    #expect(seen.first == .started(.init(id: "g")))
  }

  @Test func `calls come in pieces and whole, and count once`() {
    let chunks = [
      #"{"event_type":"tool-calls-chunk","text":"I will"}"#,
      #"{"event_type":"tool-calls-chunk","tool_call_delta":{"index":0,"name":"f"}}"#,
      #"{"event_type":"tool-calls-chunk","tool_call_delta":{"index":0,"parameters":"{\"x\":"}}"#,
      #"{"event_type":"tool-calls-chunk","tool_call_delta":{"index":0,"parameters":"1}"}}"#,
    ]
    let whole = #"{"event_type":"tool-calls-generation","tool_calls":[{"name":"f","parameters":{"x": 1}}]}"#
    let last = end("COMPLETE", #","tool_calls":[{"name":"f","parameters":{"x": 1}}]"#)
    for lines in [[start] + chunks + [whole, last], [start, whole, last], [start, last]] {
      let seen = decode(.cohere, lines.joined(separator: "\n"))
      #expect(seen.calls.map(\.name) == ["f"])
      #expect(seen.calls.first?.value == ["x": 1])
      #expect(seen.warnings == [])
      #expect(seen.finish?.reason == .toolCalls)
    }
  }

  @Test func `an error ends it, and a missing end is a truncation`() {
    #expect(seen(start, text("Hi"), end("ERROR_LIMIT")).failure?.code == "ERROR_LIMIT")
    #expect(seen(start, text("Hi"), end("ERROR_TOXIC")).finish?.reason == .contentFilter)
    #expect(seen(start, text("Hi")).failure?.kind == .truncated)
  }
}
