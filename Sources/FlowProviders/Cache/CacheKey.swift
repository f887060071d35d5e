// What two requests must have in common to get the same answer.

/// The name of an answer: a hash of what its request means.
///
/// It covers who is asked, the model, the messages, the tools and all parameters, in one canonical form: members sorted
/// by name, numbers in one spelling, what is not set left out. Not covered is what changes nothing about the answer: the
/// user, deadlines, and the ids of tool calls, of which only counts which result belongs to which call.
public struct CacheKey: Sendable, Hashable {
  /// 64 hexadecimal digits.
  public let digest: String

  /// - Parameters:
  ///   - request: what is asked.
  ///   - provider: who is asked.
  ///   - scope: among whom the answer is shared.
  public init(_ request: ChatRequest, provider: String, scope: String = "") {
    digest = sha256(CacheKey.meaning(of: request, provider: provider, scope: scope).bytes)
  }

  /// A key that was written down.
  init(digest: String) { self.digest = digest }

  /// The canonical form. Its number changes whenever the form does, so that no old answer is taken for a new one.
  static func meaning(of request: ChatRequest, provider: String, scope: String = "") -> JSONValue {
    var object: JSONObject = [
      "form": 1, "provider": .string(provider), "model": .string(request.model),
    ]
    if !scope.isEmpty { object["scope"] = .string(scope) }
    var ids = CallNumbers()
    object["messages"] = .array(request.messages.map { $0.meaning(&ids) })
    if !request.tools.isEmpty { object["tools"] = .array(request.tools.map(\.meaning)) }
    switch request.toolChoice {
    case .automatic: break
    case .none: object["toolChoice"] = "none"
    case .required: object["toolChoice"] = "required"
    case .tool(let name): object["toolChoice"] = ["tool": .string(name)]
    }
    object.set("parallelToolCalls", request.parallelToolCalls)
    switch request.responseFormat {
    case .text: break
    case .json: object["responseFormat"] = "json"
    case .schema(let schema, let name):
      object["responseFormat"] = ["schema": schema, "name": .string(name)]
    }
    if let reasoning = request.reasoning { object["reasoning"] = reasoning.meaning }
    object.set("temperature", request.temperature)
    object.set("topP", request.topP)
    object.set("topK", request.topK)
    object.set("minP", request.minP)
    object.set("frequencyPenalty", request.frequencyPenalty)
    object.set("presencePenalty", request.presencePenalty)
    object.set("repetitionPenalty", request.repetitionPenalty)
    object.set("seed", request.seed)
    object.set("maxOutputTokens", request.maxOutputTokens)
    // Whichever comes first ends the answer, in whatever order they were named.
    object.set("stop", request.stop.sorted())
    object.set("choices", request.choices)
    object.set("logprobs", request.logprobs)
    let extra = request.extra.filter { !aboutTheCaller.contains($0.key) }
    if !extra.isEmpty { object["extra"] = .object(JSONObject(extra.map { ($0.key, $0.value) })) }
    return JSONValue.object(object).canonical
  }

  /// Members of a body that say who asks, and not what.
  private static let aboutTheCaller: Set = ["user", "safety_identifier", "prompt_cache_key", "timeout"]
}

extension CacheKey: CustomStringConvertible {
  public var description: String { digest }
}

extension JSONValue {
  /// The same value with the members of all objects sorted by name, and whole numbers written as such.
  var canonical: JSONValue {
    switch self {
    case .object(let object):
      let sorted = object.sorted { $0.key < $1.key }
      return .object(JSONObject(sorted.map { ($0.key, $0.value.canonical) }))
    case .array(let elements): return .array(elements.map(\.canonical))
    case .number(let number): return Int(exactly: number).map { .integer($0) } ?? self
    default: return self
    }
  }
}

/// Numbers in place of the ids of calls, in the order in which they come.
private struct CallNumbers {
  private var numbers: [String: Int] = [:]

  mutating func callAsFunction(_ id: String) -> JSONValue {
    let number = numbers[id] ?? numbers.count
    numbers[id] = number
    return .integer(number)
  }
}

extension Message {
  fileprivate func meaning(_ ids: inout CallNumbers) -> JSONValue {
    var object: JSONObject = ["role": .string(role.rawValue)]
    object.set("name", name)
    object["parts"] = .array(parts.map { $0.meaning(&ids) })
    return .object(object)
  }
}

extension Message.Part {
  fileprivate func meaning(_ ids: inout CallNumbers) -> JSONValue {
    switch self {
    case .text(let text): return ["text": .string(text)]
    case .image(let media): return ["image": media.meaning]
    case .audio(let media): return ["audio": media.meaning]
    case .file(let media): return ["file": media.meaning]
    case .reasoning(let text, let signature):
      var object: JSONObject = ["reasoning": .string(text)]
      object.set("signature", signature)
      return .object(object)
    case .toolCall(let call):
      var object: JSONObject = ["call": ids(call.id), "name": .string(call.name)]
      object["arguments"] = call.value ?? .string(call.arguments)
      object["form"] = .string(call.form.rawValue)
      object.set("signature", call.signature)
      return .object(object)
    case .toolResult(let result):
      return [
        "result": ids(result.id), "name": .string(result.name), "content": .string(result.content),
        "outcome": .string(result.outcome.rawValue),
      ]
    case .raw(let value): return ["raw": value]
    }
  }
}

extension Media {
  fileprivate var meaning: JSONValue {
    var object = JSONObject()
    switch content {
    case .bytes(let bytes): object["sha256"] = .string(sha256(bytes))
    case .url(let url): object["url"] = .string(url)
    }
    object.set("mimeType", mimeType)
    object.set("name", name)
    return .object(object)
  }
}

extension ToolDefinition {
  fileprivate var meaning: JSONValue {
    var object: JSONObject = [
      "name": .string(name), "description": .string(description), "parameters": parameters,
    ]
    object.set("isStrict", isStrict)
    return .object(object)
  }
}

extension ReasoningOptions {
  fileprivate var meaning: JSONValue {
    var object: JSONObject = ["isShown": .bool(isShown)]
    object.set("effort", effort)
    object.set("maxTokens", maxTokens)
    return .object(object)
  }
}
