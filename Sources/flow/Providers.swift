// `flow providers`: who could answer, and why not.
import FlowProviders

struct Providers: Command {
  static let name = "providers"
  static let summary = "lists who can answer, and what configures them"
  static var help: String {
    """
    flow providers [--configured] [--json]

      --configured   only those that can be asked now
      --json         one JSON object a line: name, title, state, variables, address, model, features

    A provider is configured by a key, or by an address. Keys are never shown.

    """
  }

  private let isShort: Bool
  private let isJSON: Bool

  init(_ arguments: inout Arguments) throws {
    isShort = arguments.flag("--configured")
    isJSON = arguments.flag("--json")
  }

  func run() throws -> ExitStatus {
    let environment = ProviderEnvironment(Terminal.variables)
    let rows = [ProviderRow.embedded] + environment.providers.map(ProviderRow.init)
    let shown = rows.filter { !isShort || $0.isUsable }
    let width = shown.map(\.name.count).max() ?? 0
    for row in shown { try Terminal.out(isJSON ? row.json.text + "\n" : row.text(width: width)) }
    return .success
  }
}

/// A provider, as the list shows it.
struct ProviderRow {
  let name: String
  let title: String
  let state: String
  let isUsable: Bool
  /// The variables that configure it, or those that are missing.
  let variables: [String]
  let address: String?
  let model: String?
  let features: [String]
  private let remark: String

  static let embedded = ProviderRow()

  private init() {
    name = ProviderChoice.embedded
    title = "an n-gram model in this process; tiny, with neither key nor network"
    (state, isUsable, variables, address) = ("ready", true, [], nil)
    (model, features, remark) = (EmbeddedProvider.model, ["streaming", "seed"], "always there")
  }

  init(_ provider: ConfiguredProvider) {
    name = provider.name
    title = provider.known.title
    address = provider.address
    model = provider.model
    features = provider.capabilities.features.keys.map(\.rawValue).sorted()
    switch provider.state {
    case .configured(let by):
      (state, isUsable, variables) = ("configured", true, by)
      remark = "by " + by.joined(separator: " and ")
    case .usual:
      (state, isUsable, variables) = ("usual", true, [])
      remark = "not configured: at its usual address, if it runs"
    case .missing(let missing):
      (state, isUsable, variables) = ("missing", false, missing.flatMap(\.self))
      remark = "set " + missing.map { $0.joined(separator: " or ") }.joined(separator: " and ")
    case .wrong(let variable):
      (state, isUsable, variables) = ("wrong", false, [variable])
      remark = "\(variable) holds no address"
    }
  }

  func text(width: Int) -> String {
    let indent = String(repeating: " ", count: width + 2)
    let head = name + String(repeating: " ", count: width + 2 - name.count)
    let place = [remark, address, model.map { "model \($0)" }].compactMap(\.self).joined(separator: "; ")
    if !isUsable { return head + place + "\n" }
    return "\(head)\(title)\n\(indent)\(place)\n\(indent)\(features.joined(separator: " "))\n"
  }

  var json: JSONValue {
    var object: JSONObject = ["name": .string(name), "title": .string(title), "state": .string(state)]
    object["variables"] = .array(variables.map { .string($0) })
    if let address { object["address"] = .string(address) }
    if let model { object["model"] = .string(model) }
    object["features"] = .array(features.map { .string($0) })
    return .object(object)
  }
}
