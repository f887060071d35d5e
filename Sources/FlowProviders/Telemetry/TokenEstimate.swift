// How many tokens a text may have.

/// An estimate, for where nobody has counted: a token for every four bytes. English text has about that many, other
/// languages and code more, by up to a half.
public enum TokenEstimate {
  /// What an image, a sound or a document is taken for: about a large image.
  static let media = 1000
  /// What a message has beside its text.
  static let message = 4

  public static func tokens(bytes: Int) -> Int { bytes <= 0 ? 0 : (bytes - 1) / 4 + 1 }

  public static func tokens(in text: String) -> Int { tokens(bytes: text.utf8.count) }

  /// The tokens that a model has to read before it can answer.
  public static func tokens(in request: ChatRequest) -> Int {
    var (bytes, others) = (0, request.messages.count * message)
    for part in request.messages.lazy.flatMap(\.parts) {
      switch part {
      case .text(let text), .reasoning(let text, _): bytes += text.utf8.count
      case .image, .audio, .file: others += media
      case .toolCall(let call): bytes += call.name.utf8.count + call.arguments.utf8.count
      case .toolResult(let result): bytes += result.content.utf8.count
      case .raw(let value): bytes += value.bytes.count
      }
    }
    for tool in request.tools {
      bytes += tool.name.utf8.count + tool.description.utf8.count + tool.parameters.bytes.count
    }
    if case .schema(let schema, _) = request.responseFormat { bytes += schema.bytes.count }
    return tokens(bytes: bytes) + others
  }
}
