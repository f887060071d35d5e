// `flow route`: who would answer, and why.
import FlowProviders
import Flows

struct Route: Command {
  static let name = "route"
  static let summary = "explains which provider would answer a prompt, and why not the others"
  static var help: String {
    """
    flow route --explain [options] [PROMPT ...]

    Tells, for every provider, whether it would be asked and in which order, or why it would not be. Nothing is sent.

      --explain          what this is for; there is no routing without it, flow ask asks
      --providers A,B    those to choose from, in this order; all when left out. NAME:MODEL names a model too
      --strategy WHAT    priority (the first that can) or cheapest; priority when left out
      --prices FILE      a JSON object of dollars for a million tokens: {"openai/gpt-4o": {"input": 2.5, "output": 10}}
      --need A,B         features beside those that the request shows: vision, tools, reasoning, ...
      --json             one JSON object
    \(Question.help)
    The exit status is 0 when somebody would answer, 1 when nobody can.

    """
  }

  enum Strategy: String, CaseIterable {
    case priority, cheapest

    var value: SelectionStrategy {
      switch self {
      case .priority: .priority
      case .cheapest: .cheapest
      }
    }
  }

  private let question: Question
  private let wanted: [WantedProvider]
  private let strategy: Strategy
  private let prices: PriceTable
  private let features: Set<Capabilities.Feature>
  private let isJSON: Bool
  private let prompt: Prompt

  init(_ arguments: inout Arguments) throws {
    guard arguments.flag("--explain") else {
      throw Misuse("nothing is routed here, only explained: say --explain")
    }
    question = try Question(&arguments)
    wanted = try WantedProvider.list(&arguments)
    strategy = try arguments.choice("--strategy", of: Strategy.self) ?? .priority
    prices = try arguments.value("--prices").map(Route.prices) ?? PriceTable()
    features = try Route.features(try arguments.value("--need") ?? "")
    isJSON = arguments.flag("--json")
    prompt = Prompt(arguments.rest())
  }

  func run() async throws -> ExitStatus {
    let request = question.request(try prompt.text(), model: "")
    let candidates = RouteChoice.all(
      wanted, model: question.model, prices, ProviderEnvironment(Terminal.variables))
    let health = Dictionary(uniqueKeysWithValues: candidates.map { ($0.candidate.name, $0.health) })
    let router = Router(candidates.map(\.candidate), by: strategy.value) { health[$0.name] ?? .available }
    let decision = try await router.explain(request, and: features)
    try Terminal.out(isJSON ? decision.json.text + "\n" : decision.text)
    return decision.chosen == nil ? .failure : .success
  }

  private static func prices(_ path: String) throws -> PriceTable {
    do {
      return try PriceTable(json: String(decoding: try TextFile.read(path), as: UTF8.self))
    } catch let error as ProviderError {
      throw Complaint("\(path): \(error.message)")
    } catch let error as JSONError {
      throw Complaint("\(path) is not JSON: \(error)")
    }
  }

  private static func features(_ text: String) throws -> Set<Capabilities.Feature> {
    Set(
      try text.split(separator: ",").map { word in
        guard let feature = Capabilities.Feature(rawValue: String(word)) else {
          let all = Capabilities.Feature.allCases.map(\.rawValue).joined(separator: ", ")
          throw Misuse("--need wants some of \(all), not \(word)")
        }
        return feature
      })
  }
}

/// A provider by its name, with the model that it is asked for, when that was said.
struct WantedProvider: Sendable, Hashable {
  let name: String
  let model: String?

  /// Takes out `--providers A,B:MODEL`; none when it is left out.
  static func list(_ arguments: inout Arguments) throws -> [WantedProvider] {
    guard let text = try arguments.value("--providers") else { return [] }
    let all = text.split(separator: ",").map { word in
      let parts = word.split(separator: ":", maxSplits: 1)
      return WantedProvider(
        name: String(parts.first ?? ""), model: parts.count > 1 ? String(parts[1]) : nil)
    }
    for one in all where one.name != ProviderChoice.embedded && KnownProvider(named: one.name) == nil {
      let known = ([ProviderChoice.embedded] + KnownProvider.all.map(\.name)).joined(separator: ", ")
      throw Misuse("there is no provider \(one.name); there are \(known)")
    }
    guard !all.isEmpty, Set(all.map(\.label)).count == all.count else {
      throw Misuse("--providers wants names, each of them once")
    }
    return all
  }

  /// What tells it from the others.
  var label: String { name + (model.map { ":\($0)" } ?? "") }
}

/// A candidate whose provider is never asked, and whether it could be.
struct RouteChoice {
  let candidate: RouteCandidate
  let health: RouteHealth

  /// Those that were named, or all: what is configured before what is only usual.
  static func all(
    _ wanted: [WantedProvider], model: String?, _ prices: PriceTable, _ environment: ProviderEnvironment
  ) -> [RouteChoice] {
    let everybody = environment.providers.map(\.name) + [ProviderChoice.embedded]
    let wanted = wanted.isEmpty ? everybody.map { WantedProvider(name: $0, model: nil) } : wanted
    return wanted.map { one in
      let configured = environment.provider(named: one.name)
      let usual = configured == nil ? EmbeddedProvider.model : configured?.model
      let model = one.model ?? model ?? usual ?? "its first model"
      let candidate = RouteCandidate(
        Unasked(name: one.name), name: one.label, model: model,
        capabilities: configured?.capabilities ?? RouteChoice.embedded,
        price: prices[one.name, model])
      return RouteChoice(candidate: candidate, health: configured.map(health) ?? .available)
    }
  }

  private static let embedded = Capabilities(
    [.streaming, .seed], missing: Set(Capabilities.Feature.allCases).subtracting([.streaming, .seed]))

  private static func health(_ configured: ConfiguredProvider) -> RouteHealth {
    switch configured.state {
    case .configured: .available
    case .usual: .degraded("not configured: at its usual address, if it runs")
    case .missing(let missing):
      .unavailable("set " + missing.map { $0.joined(separator: " or ") }.joined(separator: " and "))
    case .wrong(let variable): .unavailable("\(variable) holds no address")
    }
  }
}

private struct Unasked: ChatProvider {
  let name: String
  func stream(_ request: ChatRequest) -> Flow<ChatEvent> { .empty() }
}
