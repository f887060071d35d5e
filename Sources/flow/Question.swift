// What is asked, and of whom: the options that several commands share.
import FlowProviders

/// A request in the making: everything but the prompt.
struct Question: Sendable {
  static let help = """
      --provider NAME    who answers; flow providers lists them
      --model NAME       the provider's name of the model
      --base-url URL     where the provider is
      --system TEXT      what the model is told before
      --max-tokens N     the most tokens of the answer
      --temperature T    0 to 2
      --seed N           the same seed, the same answer, where a provider can
      --reasoning EFFORT none, low, medium, high
      --tools FILE       a JSON array of tools: name, description, parameters
      --tool-choice WHAT auto, none, required, or a tool's name
      --schema FILE      a JSON schema that the answer must follow
    \(ConfigurationChoice.help)
    """

  let provider: String?
  let model: String?
  let address: String?
  let configuration: ConfigurationChoice
  private let system: String?
  private let template: ChatRequest

  init(_ arguments: inout Arguments) throws {
    provider = try arguments.value("--provider")
    model = try arguments.value("--model")
    address = try arguments.value("--base-url")
    configuration = try ConfigurationChoice(&arguments)
    system = try arguments.value("--system")
    var request = ChatRequest(model: "")
    request.maxOutputTokens = try arguments.number("--max-tokens", in: 1...(1 << 31))
    request.temperature = try arguments.decimal("--temperature", in: 0...2)
    request.seed = try arguments.number("--seed", in: 0...(1 << 53))
    request.reasoning = try arguments.value("--reasoning").map { ReasoningOptions(effort: $0) }
    if let path = try arguments.value("--tools") { request.tools = try Question.tools(path) }
    switch try arguments.value("--tool-choice") {
    case nil, "auto"?: break
    case "none"?: request.toolChoice = .none
    case "required"?: request.toolChoice = .required
    case let name?: request.toolChoice = .tool(name)
    }
    if let path = try arguments.value("--schema") {
      request.responseFormat = .schema(try Question.json(path))
    }
    template = request
  }

  func request(_ prompt: String, model: String) -> ChatRequest {
    var request = template
    request.model = model
    request.messages = (system.map { [.system($0)] } ?? []) + [.user(prompt)]
    return request
  }

  private static func json(_ path: String) throws -> JSONValue {
    do {
      return try JSONValue(parsing: try TextFile.read(path))
    } catch let error as JSONError {
      throw Complaint("\(path) is not JSON: \(error)")
    }
  }

  /// Tools as they are, or in OpenAI's envelope.
  private static func tools(_ path: String) throws -> [ToolDefinition] {
    guard let list = try json(path).array else { throw Complaint("\(path) is no array of tools") }
    return try list.map { value in
      let tool = value["function"] ?? value
      guard let name = tool["name"]?.string else { throw Complaint("\(path) has a tool without a name") }
      let parameters = tool["parameters"] ?? tool["input_schema"]
      let description = tool["description"]?.string ?? ""
      return parameters.map { ToolDefinition(name: name, description: description, parameters: $0) }
        ?? ToolDefinition(name: name, description: description)
    }
  }
}

/// The prompt: the words of the command line, `-` among them for what comes on the standard input. Without any it is
/// the standard input.
struct Prompt: Sendable {
  private let words: [String]

  init(_ words: [String]) { self.words = words }

  func text() throws -> String {
    let isRead = words.isEmpty || words.contains("-")
    if isRead, Terminal.isInputTyped { Terminal.error("Type the prompt; Ctrl-D ends it.\n") }
    let input = isRead ? try Terminal.readAll() : ""
    let text = words.isEmpty ? input : words.map { $0 == "-" ? input : $0 }.joined(separator: " ")
    guard text.contains(where: { !$0.isWhitespace }) else { throw Misuse("there is no prompt") }
    return text
  }
}
