// What several providers want to have of a request.

extension ChatRequest {
  /// What the system says, for those who want it apart from the turns.
  var system: String? {
    let texts = messages.filter { $0.role == .system }.map(\.text)
    return texts.isEmpty ? nil : texts.joined(separator: "\n\n")
  }

  /// The messages without those of the system.
  var turns: [Message] { messages.filter { $0.role != .system } }

  /// The turns behind the model's last one, for servers that remember the others.
  var newTurns: [Message] {
    let turns = turns
    guard let last = turns.lastIndex(where: { $0.role == .assistant }) else { return turns }
    return Array(turns[(last + 1)...])
  }
}

extension Message {
  /// The thoughts of all parts, one after another.
  var thoughts: String {
    parts.reduce(into: "") { if case .reasoning(let text, _) = $1 { $0 += text } }
  }
}

extension ReasoningOptions {
  /// No thinking is wanted.
  var isOff: Bool { maxTokens == 0 || effort == "none" }

  /// A figure for providers that know no steps.
  var budget: Int {
    if let maxTokens { return maxTokens }
    switch effort {
    case "minimal", "low": return 1024
    case "high": return 16384
    default: return 4096
    }
  }
}

extension ToolDefinition {
  /// The tool's name, its description when it has one, and its parameters under the name that a provider has for them.
  func named(parameters name: String) -> JSONObject {
    var object: JSONObject = ["name": .string(self.name)]
    if !description.isEmpty { object["description"] = .string(description) }
    object[name] = parameters
    return object
  }
}

extension JSONObject {
  /// A list of texts, unless it is empty.
  mutating func set(_ name: String, _ texts: [String]) {
    if !texts.isEmpty { self[name] = .array(texts.map { .string($0) }) }
  }
}
