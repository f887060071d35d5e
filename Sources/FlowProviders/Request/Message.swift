// One turn of a conversation.

/// A message and its parts.
public struct Message: Sendable, Hashable {
  public enum Role: String, Sendable, Hashable {
    case system, user, assistant, tool
  }

  public var role: Role
  public var parts: [Part]
  /// The speaker, where several share a role.
  public var name: String?

  public init(_ role: Role, _ parts: [Part], name: String? = nil) {
    self.role = role
    self.parts = parts
    self.name = name
  }

  public static func system(_ text: String) -> Message { Message(.system, [.text(text)]) }
  public static func user(_ text: String) -> Message { Message(.user, [.text(text)]) }
  public static func user(_ parts: Part...) -> Message { Message(.user, parts) }
  public static func assistant(_ text: String) -> Message { Message(.assistant, [.text(text)]) }
  public static func assistant(_ parts: Part...) -> Message { Message(.assistant, parts) }

  /// What tools answered to the calls of the message before.
  public static func tool(_ results: ToolResult...) -> Message {
    Message(.tool, results.map { .toolResult($0) })
  }

  /// The text of all parts, one after another.
  public var text: String {
    parts.reduce(into: "") { if case .text(let text) = $1 { $0 += text } }
  }

  public var toolCalls: [ToolCall] {
    parts.compactMap { if case .toolCall(let call) = $0 { call } else { nil } }
  }

  public var toolResults: [ToolResult] {
    parts.compactMap { if case .toolResult(let result) = $0 { result } else { nil } }
  }
}

extension Message {
  public enum Part: Sendable, Hashable {
    case text(String)
    case image(Media)
    case audio(Media)
    case file(Media)
    /// What the model thought, with the signature that its provider wants to see again.
    case reasoning(String, signature: String? = nil)
    case toolCall(ToolCall)
    case toolResult(ToolResult)
    /// A part in the provider's own words, passed on as it is.
    case raw(JSONValue)
  }
}

/// An image, a sound or a document: bytes, or where they are.
public struct Media: Sendable, Hashable {
  public enum Content: Sendable, Hashable {
    case bytes([UInt8])
    case url(String)
  }

  public var content: Content
  /// For example `image/png`.
  public var mimeType: String?
  public var name: String?

  public init(bytes: [UInt8], mimeType: String, name: String? = nil) {
    self.content = .bytes(bytes)
    self.mimeType = mimeType
    self.name = name
  }

  public init(url: String, mimeType: String? = nil, name: String? = nil) {
    self.content = .url(url)
    self.mimeType = mimeType
    self.name = name
  }

  /// The bytes in base64, when they are here.
  var base64: String? { if case .bytes(let bytes) = content { Base64.text(bytes) } else { nil } }

  /// A URL that can stand for the content: its own, or one that holds the bytes.
  var dataURL: String {
    switch content {
    case .url(let url): url
    case .bytes(let bytes): "data:\(mimeType ?? "application/octet-stream");base64,\(Base64.text(bytes))"
    }
  }
}

/// What a tool answered.
public struct ToolResult: Sendable, Hashable {
  /// The call that this answers.
  public var id: String
  /// The tool's name: some providers match by it.
  public var name: String
  /// The answer; JSON text where the tool has structure.
  public var content: String
  public var outcome: Outcome

  public enum Outcome: String, Sendable, Hashable {
    case success, failure
  }

  public init(id: String, name: String, content: String, outcome: Outcome = .success) {
    self.id = id
    self.name = name
    self.content = content
    self.outcome = outcome
  }

  /// The answer as a JSON object, as some providers want it: itself, or wrapped.
  var object: JSONValue {
    if case .object(let object)? = try? JSONValue(parsing: content) { return .object(object) }
    return [outcome == .success ? "result" : "error": .string(content)]
  }
}

/// A tool that a model may call.
public struct ToolDefinition: Sendable, Hashable {
  public var name: String
  public var description: String
  /// The JSON Schema of the arguments: an object.
  public var parameters: JSONValue
  /// Whether the provider must hold the model to the schema; `nil` leaves it to the provider.
  public var isStrict: Bool?

  public init(
    name: String, description: String = "", parameters: JSONValue = ["type": "object", "properties": [:]],
    isStrict: Bool? = nil
  ) {
    self.name = name
    self.description = description
    self.parameters = parameters
    self.isStrict = isStrict
  }
}

enum Base64 {
  static func text(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    return String(unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { target in
      var written = 0
      for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = bytes[start..<min(start + 3, bytes.count)]
        let bits = group.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
        for position in 0..<4 {
          let isPadding = position > group.count
          target[written] =
            isPadding ? UInt8(ascii: "=") : alphabet[Int(bits >> UInt32(18 - 6 * position) & 63)]
          written += 1
        }
      }
      return written
    }
  }
}
