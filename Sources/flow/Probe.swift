// `flow probe`: which languages a server speaks.
import FlowHTTP
import FlowProviders
import Flows

struct Probe: Command {
  static let name = "probe"
  static let summary = "finds out which protocols a server speaks"
  static var help: String {
    """
    flow probe URL [--try] [--model NAME] [--key-from VARIABLE] [--json]

    Looks at the addresses by which servers are known, and sends an empty request to those at which models are asked:
    nothing is generated.

      --try                 asks for a few tokens in every protocol that was found, and tells in what the answers deviate
      --model NAME          the model to try; the first that the server lists when left out
      --key-from VARIABLE   sends the key that is in this variable
      --json                one JSON object

    The exit status is 0 when at least one protocol was found, and with --try when all that were found work.

    """
  }

  private let address: ProviderAddress
  private let isTried: Bool
  private let model: String?
  private let key: Secret?
  private let isJSON: Bool

  init(_ arguments: inout Arguments) throws {
    isTried = arguments.flag("--try")
    isJSON = arguments.flag("--json")
    model = try arguments.value("--model")
    key = try arguments.value("--key-from").map { name in
      guard let key = Terminal.variable(name), !key.isEmpty else { throw Misuse("\(name) is not set") }
      return Secret(key)
    }
    let words = arguments.rest()
    guard let word = words.first, words.count == 1 else { throw Misuse("one address is wanted") }
    guard let address = ProviderAddress(word) else { throw Misuse("\(word) is no address") }
    self.address = address
  }

  func run() async throws -> ExitStatus {
    try await Interrupts.cancelling {
      let scout = Scout(address, key: key)
      var report = try await scout.look(model: model)
      if isTried, let model = model ?? report.models.first {
        for index in report.languages.indices {
          report.languages[index].trial = try await scout.attempt(report.languages[index].provider, model)
        }
      }
      let mask = KeyMask([key].compactMap(\.self))
      try Terminal.out(mask(isJSON ? report.json.text + "\n" : report.text))
      let isGood = report.languages.allSatisfy { $0.trial?.failure == nil }
      return !report.languages.isEmpty && isGood ? .success : .failure
    }
  }
}

/// What was found out about a server.
struct ProbeReport: Sendable {
  /// The server's address, without the path of a protocol.
  let root: String
  var server: String?
  var models: [String] = []
  var languages: [Language] = []

  struct Language: Sendable {
    /// The provider's name that speaks this language.
    let provider: String
    let wire: String
    let path: String
    let base: String
    var trial: Trial?
  }

  /// What came of a few tokens.
  struct Trial: Sendable {
    var model = ""
    var text = ""
    var pieces = 0
    var firstToken: Duration?
    var deviations: [String] = []
    var failure: String?
  }

  var text: String {
    var lines = ["\(root): \(server ?? "a server that does not say its name")"]
    if !models.isEmpty {
      let more = models.count > 8 ? " and \(models.count - 8) more" : ""
      lines.append("  models: \(models.prefix(8).joined(separator: ", "))\(more)")
    }
    if languages.isEmpty { lines.append("  no protocol that is known") }
    for language in languages {
      lines.append("  \(language.wire) at \(language.path)")
      lines.append("    flow ask --provider \(language.provider) --base-url \(language.base)")
      guard let trial = language.trial else { continue }
      if let failure = trial.failure { lines.append("    failed: \(failure)") }
      let first = trial.firstToken.map { ", the first after \($0.shortText)" } ?? ""
      lines.append("    \(trial.pieces) pieces\(first)")
      lines += trial.deviations.map { "    deviation: \($0)" }
      if trial.deviations.isEmpty, trial.failure == nil { lines.append("    no deviation") }
    }
    return lines.map { $0.withoutControls + "\n" }.joined()
  }

  var json: JSONValue {
    var object: JSONObject = ["address": .string(root)]
    if let server { object["server"] = .string(server) }
    object["models"] = .array(models.map { .string($0) })
    object["protocols"] = .array(languages.map(\.json))
    return .object(object)
  }
}

extension ProbeReport.Language {
  fileprivate var json: JSONValue {
    var object: JSONObject = ["name": .string(wire), "path": .string(path), "provider": .string(provider)]
    object["baseUrl"] = .string(base)
    guard let trial else { return .object(object) }
    var tried: JSONObject = ["model": .string(trial.model), "text": .string(trial.text)]
    tried["pieces"] = .integer(trial.pieces)
    if let first = trial.firstToken { tried["firstTokenSeconds"] = .number(first.inSeconds) }
    tried["deviations"] = .array(trial.deviations.map { .string($0) })
    if let failure = trial.failure { tried["failure"] = .string(failure) }
    object["trial"] = .object(tried)
    return .object(object)
  }
}
