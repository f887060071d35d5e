// `flow health`: who is there.
import FlowProviders
import Flows
import Synchronization

struct Health: Command {
  static let name = "health"
  static let summary = "asks every configured provider for its models, and tells who is there"
  static var help: String {
    """
    flow health [options]

    Asks all at the same time for the list of their models, which costs nothing. Who cannot be asked anything that costs
    nothing is unknown.

      --timeout SECONDS  who has not answered by then is not there; 10 when left out
      --json             one JSON object a line: name, kind, address, state, seconds, models, error
    \(ConfigurationChoice.help)
    The exit status is 1 when anybody is not there, or nobody is configured.

    """
  }

  private let choice: ConfigurationChoice
  private let timeout: Int
  private let isJSON: Bool

  init(_ arguments: inout Arguments) throws {
    choice = try ConfigurationChoice(&arguments)
    timeout = try arguments.number("--timeout", in: 1...3600) ?? 10
    isJSON = arguments.flag("--json")
  }

  func run() async throws -> ExitStatus {
    let configuration = try choice.require()
    guard !configuration.providers.isEmpty else {
      throw Complaint("no provider is configured", hint: "flow providers tells what configures one.")
    }
    return try await Interrupts.cancelling { try await ask(configuration) }
  }

  private func ask(_ configuration: Configuration) async throws -> ExitStatus {
    let registry = ProviderRegistry(
      ProviderDependencies(credentials: Masking(store: choice.credentials)),
      policy: HealthPolicy(unhealthyAfter: 1, healthyAfter: 1))
    let made = await registry.apply(configuration)
    let progress = HealthProgress(of: registry.names.count)
    let told = registry.healthChanges.subscribe { progress.note($0) }
    await registry.ask(timeout: .seconds(timeout))
    told.cancel()
    progress.end()
    try Task.checkCancellation()
    let health = Dictionary(uniqueKeysWithValues: registry.health.map { ($0.name, $0) })
    let rows = configuration.providers.map { settings in
      HealthRow(
        settings, health[settings.name], models: registry.models(of: settings.name).count,
        failure: made.failed.first { $0.name == settings.name }?.error)
    }
    let width = rows.map(\.name.count).max() ?? 0
    for row in rows { try Terminal.out(isJSON ? row.json.text + "\n" : row.text(width: width)) }
    await registry.shutdown(grace: .zero)
    return rows.allSatisfy(\.isWell) ? .success : .failure
  }
}

/// Keeps every key that it hands out away from what is written.
private struct Masking: CredentialStore {
  let store: CredentialChain

  func secret(for reference: CredentialReference) async throws -> Secret? {
    let secret = try await store.secret(for: reference)
    if let secret { Terminal.mask(also: secret) }
    return secret
  }
}

/// How many have answered, for people at a terminal.
private final class HealthProgress: Sendable {
  private let state: Mutex<(line: StatusLine, answered: Int)>
  private let count: Int

  init(of count: Int) {
    self.count = count
    var line = StatusLine()
    line.show("asking \(count) \(count == 1 ? "provider" : "providers")")
    state = Mutex((line, 0))
  }

  func note(_ change: HealthChange) {
    state.withLock {
      $0.answered += 1
      $0.line.show("\($0.answered) of \(count): \(change.name) is \(change.to)")
    }
  }

  func end() { state.withLock { $0.line.clear() } }
}

/// A provider, as the table shows it.
struct HealthRow {
  let name: String
  let isWell: Bool
  private let kind: String
  private let address: String?
  private let state: ProviderHealth.State
  private let latency: Duration?
  private let models: Int
  private let error: String?

  init(_ settings: ProviderSettings, _ health: ProviderHealth?, models: Int, failure: (any Error)?) {
    name = settings.name
    kind = settings.kind
    address = settings.configured(key: nil)?.address
    state = failure == nil ? health?.state ?? .unknown : .unhealthy
    latency = health?.latency
    self.models = models
    error = failure.map { "\($0)".onOneLine } ?? health?.lastFailure.map { "\($0)".onOneLine }
    isWell = state == .healthy || state == .unknown
  }

  func text(width: Int) -> String {
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(1, width - text.count))
    }
    var facts: [String] = []
    if state == .healthy { facts.append("\(models) \(models == 1 ? "model" : "models")") }
    if let address { facts.append(address) }
    if let error { facts.append(error) }
    let time = latency.map(\.shortText) ?? "-"
    return padded(name, width + 2) + padded("\(state)", 11) + padded(time, 9)
      + facts.joined(separator: "  ") + "\n"
  }

  var json: JSONValue {
    var object: JSONObject = ["name": .string(name), "kind": .string(kind)]
    if let address { object["address"] = .string(address) }
    object["state"] = .string("\(state)")
    if let latency { object["seconds"] = .number(latency.inSeconds) }
    object["models"] = .integer(models)
    if let error { object["error"] = .string(error) }
    return .object(object)
  }
}
