// Arguments that come as values for paths.

/// Builds the arguments of a call from pieces like `{jsonPath: "$.recipe.steps[1]", stringValue: "Cook"}`.
struct GeminiArguments: Sendable {
  private var value = JSONValue.object(JSONObject())
  /// The text that is still growing, apart from the rest, so that its growth costs no copies.
  private var growing: (path: String, text: String)?

  /// A model that counts further than this has lost its mind.
  private static let longestArray = 10_000

  mutating func add(_ piece: JSONCursor) {
    guard let path = piece["jsonPath"]?.string else { return }
    if let text = piece["stringValue"]?.string {
      if growing?.path == path {
        growing?.text += text
      } else {
        settle()
        growing = (path, text)
      }
      if piece["willContinue"]?.bool != true { settle() }
      return
    }
    settle()
    for (key, content) in piece.members {
      if key.equals("numberValue") || key.equals("boolValue") {
        set(path, content.value)
      } else if key.equals("nullValue") {
        set(path, .null)
      }
    }
  }

  /// The arguments as far as they are known.
  mutating func finish() -> JSONValue {
    settle()
    return value
  }

  private mutating func settle() {
    if let (path, text) = growing { set(path, .string(text)) }
    growing = nil
  }

  private mutating func set(_ path: String, _ leaf: JSONValue) {
    value = GeminiArguments.put(leaf, at: GeminiArguments.steps(path)[...], in: value)
  }

  private enum Step {
    case name(String)
    case position(Int)
  }

  /// `$.a.b[0]`, `$['a']["b"]`
  private static func steps(_ path: String) -> [Step] {
    var steps: [Step] = []
    var rest = path[...]
    if rest.first == "$" { rest = rest.dropFirst() }
    while let first = rest.first {
      rest = rest.dropFirst()
      if first == "[" {
        let inside = rest.prefix { $0 != "]" }
        rest = rest.dropFirst(inside.count + 1)
        if let position = Int(inside) {
          steps.append(.position(position))
        } else {
          steps.append(.name(String(inside.filter { $0 != "'" && $0 != "\"" })))
        }
      } else {
        let name = (first == "." ? "" : String(first)) + rest.prefix { $0 != "." && $0 != "[" }
        rest = rest.dropFirst(name.count - (first == "." ? 0 : 1))
        if !name.isEmpty { steps.append(.name(name)) }
      }
    }
    return steps
  }

  private static func put(_ leaf: JSONValue, at steps: ArraySlice<Step>, in value: JSONValue) -> JSONValue {
    guard let step = steps.first else { return leaf }
    guard steps.count <= JSONTape.depthLimit else { return value }
    switch step {
    case .name(let name):
      var object = value.object ?? JSONObject()
      object[name] = put(leaf, at: steps.dropFirst(), in: object[name] ?? .null)
      return .object(object)
    case .position(let position):
      guard (0..<longestArray).contains(position) else { return value }
      var array = value.array ?? []
      while array.count <= position { array.append(.null) }
      array[position] = put(leaf, at: steps.dropFirst(), in: array[position])
      return .array(array)
    }
  }
}
