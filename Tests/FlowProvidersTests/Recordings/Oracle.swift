// What a recording says, read by other means: Foundation's JSON and a line splitter of three lines.
import Foundation

@testable import FlowProviders

/// The expectations of the proofs, found without any code of the library: by walking over all frames and putting
/// together what stands in the well-known places.
struct Oracle: Equatable {
  var text: [Int: String] = [:]
  var calls: [Call] = []
  var finish: String?
  var input: Int?
  var output: Int?
  /// A positive sign that the answer is complete.
  var isComplete = false
  var hasFailed = false

  struct Call: Equatable {
    var name: String
    var arguments: String
  }

  private typealias Object = [String: Any]

  init?(_ recorded: Recorded, _ bytes: some Sequence<UInt8>) {
    let frames = Oracle.frames(Data(bytes), recorded.framing)
    switch recorded.wire.name {
    case "openai-chat": readChat(frames)
    case "openai-responses": readResponses(frames)
    case "anthropic": readAnthropic(frames)
    case "ollama": readOllama(frames)
    case "gemini": readGemini(frames)
    case "cohere": readCohere(frames)
    default: return nil
    }
    text = text.filter { !$0.value.isEmpty }
  }

  /// Outside of events only Gemini's bare error matters: it is kept as one more frame.
  private static func frames(_ bytes: Data, _ framing: WireFraming) -> [String] {
    let text = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n").replacing(
      "\r", with: "\n")
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if framing == .jsonLines { return lines.filter { !$0.isEmpty }.map(String.init) }
    var frames: [String] = []
    var bare = ""
    for line in lines {
      if line.hasPrefix("data:") {
        frames.append(String(line.dropFirst(line.hasPrefix("data: ") ? 6 : 5)))
      } else if !line.hasPrefix("event:"), !line.hasPrefix(":"), !line.isEmpty {
        bare += line + "\n"
      }
    }
    return bare.isEmpty ? frames : frames + [bare]
  }

  private static func object(_ frame: String) -> Object? {
    (try? JSONSerialization.jsonObject(with: Data(frame.utf8))) as? Object
  }

  private mutating func readChat(_ frames: [String]) {
    var parts: [(choice: Int, index: Int?, id: String?, name: String, arguments: String)] = []
    var finishes: [Int: String] = [:]
    var choices: Set<Int> = []
    var outputs: [Int] = []
    var isLlama = false
    for frame in frames {
      if frame.hasPrefix("[DONE]") {
        isComplete = true
        break
      }
      guard let chunk = Oracle.object(frame) else { continue }
      if chunk["error"] is Object || chunk["error"] is String { return hasFailed = true }
      if chunk["timings"] is Object { isLlama = true }
      var usage = chunk["usage"] as? Object ?? (chunk["x_groq"] as? Object)?["usage"] as? Object
      for choice in chunk["choices"] as? [Object] ?? [] {
        let number = choice["index"] as? Int ?? 0
        choices.insert(number)
        usage = choice["usage"] as? Object ?? usage
        let delta = choice["delta"] as? Object ?? choice["message"] as? Object ?? choice
        text[number, default: ""] += Oracle.content(delta["content"] ?? delta["text"])
        for piece in delta["tool_calls"] as? [Object] ?? [] {
          let function = piece["function"] as? Object
          let id = (piece["id"] as? String).flatMap { $0.isEmpty ? nil : $0 }
          let index = piece["index"] as? Int
          let known = parts.lastIndex {
            $0.choice == number && (id != nil ? $0.id == id : index == nil || $0.index == index)
          }
          if known == nil { parts.append((number, index, id, "", "")) }
          let position = known ?? parts.count - 1
          if parts[position].name.isEmpty { parts[position].name = function?["name"] as? String ?? "" }
          parts[position].arguments += function?["arguments"] as? String ?? ""
        }
        if let finish = choice["finish_reason"] as? String, !finish.isEmpty, finishes[number] == nil {
          finishes[number] = finish
        }
      }
      if let usage {
        input = usage["prompt_tokens"] as? Int ?? input
        output = usage["completion_tokens"] as? Int ?? output
        outputs.append(output ?? 0)
      }
    }
    if isLlama, choices.count > 1 { output = outputs.reduce(0, +) }
    calls = parts.map { Call(name: $0.name, arguments: $0.arguments) }
    finish = finishes.min { $0.key < $1.key }?.value
    if !choices.isEmpty, finishes.count == choices.count { isComplete = true }
  }

  private static func content(_ value: Any?) -> String {
    if let text = value as? String { return text }
    return (value as? [Object] ?? []).filter { $0["type"] as? String == "text" }
      .map { $0["text"] as? String ?? "" }.joined()
  }

  private mutating func readResponses(_ frames: [String]) {
    var items: [Int: Call] = [:]
    for event in frames.compactMap(Oracle.object) {
      if event["object"] as? String == "chat.completion.chunk" { return readChat(frames) }
      switch event["type"] as? String ?? "" {
      case "error":
        hasFailed = true
        return
      case "response.output_text.delta": text[0, default: ""] += event["delta"] as? String ?? ""
      case "response.output_item.done":
        guard let item = event["item"] as? Object, let type = item["type"] as? String,
          type == "function_call" || type == "custom_tool_call"
        else { continue }
        items[event["output_index"] as? Int ?? items.count] = Call(
          name: item["name"] as? String ?? "",
          arguments: (item["arguments"] ?? item["input"]) as? String ?? "")
        calls = items.sorted { $0.key < $1.key }.map(\.value)
      case "response.completed", "response.incomplete", "response.failed":
        let response = event["response"] as? Object ?? [:]
        hasFailed = response["status"] as? String == "failed"
        isComplete = !hasFailed
        let details = response["incomplete_details"] as? Object
        finish = details?["reason"] as? String ?? response["status"] as? String
        let usage = response["usage"] as? Object
        input = usage?["input_tokens"] as? Int
        output = usage?["output_tokens"] as? Int
        return
      default: break
      }
    }
  }

  private mutating func readAnthropic(_ frames: [String]) {
    var open: [Int: Int] = [:]
    for event in frames.compactMap(Oracle.object) {
      let index = event["index"] as? Int ?? 0
      switch event["type"] as? String ?? "" {
      case "error":
        hasFailed = true
        return
      case "message_start":
        isComplete = false
        open = [:]
        let message = event["message"] as? Object ?? [:]
        read(anthropic: message["usage"])
        for block in message["content"] as? [Object] ?? [] { add(anthropic: block) }
        finish = message["stop_reason"] as? String ?? finish
      case "content_block_start":
        let block = event["content_block"] as? Object ?? [:]
        text[0, default: ""] += block["type"] as? String == "text" ? block["text"] as? String ?? "" : ""
        if add(anthropic: block) { open[index] = calls.count - 1 }
      case "content_block_delta":
        let delta = event["delta"] as? Object ?? [:]
        if delta["type"] as? String == "text_delta" { text[0, default: ""] += delta["text"] as? String ?? "" }
        if let call = open[index] { calls[call].arguments += delta["partial_json"] as? String ?? "" }
      case "content_block_stop": open[index] = nil
      case "message_delta":
        finish = (event["delta"] as? Object)?["stop_reason"] as? String ?? finish
        read(anthropic: event["usage"])
      case "message_stop": isComplete = true
      default: break
      }
    }
  }

  @discardableResult
  private mutating func add(anthropic block: Object) -> Bool {
    guard block["type"] as? String == "tool_use" else { return false }
    let given = block["input"] as? Object ?? [:]
    let data = given.isEmpty ? nil : try? JSONSerialization.data(withJSONObject: given)
    calls.append(
      Call(
        name: block["name"] as? String ?? "",
        arguments: data.map { String(decoding: $0, as: UTF8.self) } ?? ""))
    return true
  }

  private mutating func read(anthropic usage: Any?) {
    let usage = usage as? Object
    input = usage?["input_tokens"] as? Int ?? input
    output = usage?["output_tokens"] as? Int ?? output
  }

  private mutating func readOllama(_ frames: [String]) {
    for line in frames.compactMap(Oracle.object) {
      if line["error"] != nil { return hasFailed = true }
      let message = line["message"] as? Object ?? line
      text[0, default: ""] += (message["content"] ?? message["response"]) as? String ?? ""
      for call in message["tool_calls"] as? [Object] ?? [] { add(object: call["function"], "arguments") }
      if line["done"] as? Bool == true {
        isComplete = true
        finish = line["done_reason"] as? String
        input = line["prompt_eval_count"] as? Int
        output = line["eval_count"] as? Int
        return
      }
    }
  }

  private mutating func add(object function: Any?, _ field: String) {
    guard let function = function as? Object, let name = function["name"] as? String else { return }
    let data = (function[field] as? Object).flatMap { try? JSONSerialization.data(withJSONObject: $0) }
    calls.append(Call(name: name, arguments: data.map { String(decoding: $0, as: UTF8.self) } ?? ""))
  }

  private mutating func readGemini(_ frames: [String]) {
    for chunk in frames.compactMap(Oracle.object) {
      if chunk["event_type"] != nil { return readInteractions(frames) }
      if chunk["error"] != nil { return hasFailed = true }
      let usage = chunk["usageMetadata"] as? Object
      input = usage?["promptTokenCount"] as? Int ?? input
      output = usage?["candidatesTokenCount"] as? Int ?? output
      if let reason = (chunk["promptFeedback"] as? Object)?["blockReason"] as? String {
        finish = reason
        isComplete = true
      }
      for candidate in chunk["candidates"] as? [Object] ?? [] {
        for part in (candidate["content"] as? Object)?["parts"] as? [Object] ?? [] {
          if part["thought"] as? Bool != true { text[0, default: ""] += part["text"] as? String ?? "" }
          add(object: part["functionCall"], "args")
        }
        if let reason = candidate["finishReason"] as? String {
          finish = reason
          isComplete = true
        }
      }
    }
  }

  private mutating func readInteractions(_ frames: [String]) {
    for event in frames.compactMap(Oracle.object) {
      let delta = event["delta"] as? Object
      if delta?["type"] as? String == "text" { text[0, default: ""] += delta?["text"] as? String ?? "" }
      if let step = event["step"] as? Object, step["type"] as? String == "function_call" {
        calls.append(Call(name: step["name"] as? String ?? "", arguments: ""))
      }
      if !calls.isEmpty { calls[calls.count - 1].arguments += delta?["arguments"] as? String ?? "" }
      if event["event_type"] as? String == "interaction.completed",
        let whole = event["interaction"] as? Object
      {
        isComplete = true
        finish = whole["status"] as? String
        input = (whole["usage"] as? Object)?["total_input_tokens"] as? Int
        output = (whole["usage"] as? Object)?["total_output_tokens"] as? Int
      }
    }
  }

  private mutating func readCohere(_ frames: [String]) {
    for event in frames.compactMap(Oracle.object) {
      let delta = event["delta"] as? Object
      let message = delta?["message"] as? Object
      text[0, default: ""] += (message?["content"] as? Object)?["text"] as? String ?? ""
      if let function = (message?["tool_calls"] as? Object)?["function"] as? Object {
        if event["type"] as? String == "tool-call-start" {
          calls.append(Call(name: function["name"] as? String ?? "", arguments: ""))
        }
        calls[calls.count - 1].arguments += function["arguments"] as? String ?? ""
      }
      if event["type"] as? String == "message-end" {
        isComplete = true
        finish = delta?["finish_reason"] as? String
        let tokens = (delta?["usage"] as? Object)?["tokens"] as? Object
        input = tokens?["input_tokens"] as? Int
        output = tokens?["output_tokens"] as? Int
      }
    }
  }
}
