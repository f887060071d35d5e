// Servers for the tool to talk to.
import FlowHTTP
import HTTPTestKit

/// Bodies in OpenAI's chat language.
enum Chat {
  static func piece(_ text: String) -> Bytes {
    Bytes(
      #"data: {"id":"1","model":"small","choices":[{"index":0,"delta":{"content":"\#(text)"}}]}"# + "\n\n")
  }

  static let end = Bytes(
    #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\n"
      + #"data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}"# + "\n\n"
      + "data: [DONE]\n\n")

  static func answer(_ pieces: String...) -> Bytes { Bytes((pieces.map(piece) + [end]).joined()) }
}

extension FaultServer {
  /// The options with which the tool talks to this server.
  var options: [String] { ["--provider", "openai", "--base-url", url + "/v1", "--model", "small"] }
}

extension Connection {
  /// Answers a request with events, one piece after another.
  func stream(_ pieces: Bytes...) throws {
    try begin(200, ["Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"])
    for piece in pieces { try sendChunk(piece) }
    try sendChunk(Bytes())
  }
}
