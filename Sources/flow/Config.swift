// `flow config`: what a configuration says, and what is wrong with it.
import FlowProviders

struct Config: Command {
  static let name = "config"
  static let summary = "checks a configuration, and shows where every value comes from"
  static var help: String {
    """
    flow config check [FILE] [options]
    flow config show [FILE] [options]

    check tells everything that is wrong, a line each: where, what was found, what may stand there, and what was probably
    meant. A key that is not where the configuration says is wrong too; programs that tell keys are not run.
    Without a profile every profile of the file is checked.
    show lists every value that was set, and where. Keys are never shown.

    \(ConfigurationChoice.help)  --json             one JSON object a line: kind, path, origin, file, line, column, message, found, allowed,
                         suggestion; or path, value, origin

    Without FILE, and without FLOW_CONFIG, it is about the variables of the environment alone. The exit status of check is
    1 when anything is wrong.

    """
  }

  private enum Action: String { case check, show }

  private let action: Action
  private let choice: ConfigurationChoice
  private let isJSON: Bool

  init(_ arguments: inout Arguments) throws {
    isJSON = arguments.flag("--json")
    let named = try arguments.value("--config")
    // The option that is left has a value, so it has to go before the words are counted.
    let profiled = try ConfigurationChoice(named, &arguments)
    let words = arguments.rest()
    guard let word = words.first, let action = Action(rawValue: word) else {
      throw Misuse("what is to be done: check or show?")
    }
    if words.count > 2 {
      throw Misuse("one file at a time, not \(words.dropFirst().joined(separator: " and "))")
    }
    self.action = action
    choice = words.count == 2 ? profiled.with(words[1]) : profiled
  }

  func run() async throws -> ExitStatus {
    switch action {
    case .check: return try await check()
    case .show: return try show()
    }
  }

  private func check() async throws -> ExitStatus {
    let configuration: Configuration
    do { configuration = try choice.read() } catch {
      let others = mistakesInProfiles().filter { !error.problems.contains($0) }
      try tell(error.problems + others)
      return .failure
    }
    var problems = mistakesInProfiles()
    problems += await missingKeys(of: configuration)
    try tell(problems)
    if problems.isEmpty, !isJSON { try Terminal.out(summary(of: configuration)) }
    return problems.isEmpty ? .success : .failure
  }

  /// What is only wrong when another profile counts.
  private func mistakesInProfiles() -> [ConfigurationProblem] {
    var problems: [ConfigurationProblem] = []
    for choice in choice.inEveryProfile {
      do { _ = try choice.read() } catch {
        problems += error.problems.filter { !problems.contains($0) }
      }
    }
    return problems
  }

  private func tell(_ problems: [ConfigurationProblem]) throws {
    for problem in problems {
      try Terminal.out((isJSON ? problem.json.text : "\(problem)".onOneLine) + "\n")
    }
  }

  /// Keys that are not where the configuration says.
  private func missingKeys(of configuration: Configuration) async -> [ConfigurationProblem] {
    var problems: [ConfigurationProblem] = []
    for settings in configuration.providers {
      guard let reference = settings.key, reference.scheme != "command" else { continue }
      do {
        Terminal.mask(also: try await choice.credentials.require(reference))
      } catch {
        let path: ConfigurationPath = ["providers", settings.name, "key"]
        problems.append(
          ConfigurationProblem(
            .unresolved, at: path, from: configuration.origin(of: path) ?? .defaults, "\(error)"))
      }
    }
    return problems
  }

  private func summary(of configuration: Configuration) -> String {
    var parts = ["\(choice.path ?? "the environment"): nothing is wrong"]
    if let profile = configuration.profile { parts.append("profile \(profile)") }
    let names = configuration.providers.map(\.name)
    parts.append(names.isEmpty ? "no provider" : "providers \(names.joined(separator: ", "))")
    if let preferred = configuration.preferred { parts.append("\(preferred.name) answers") }
    return parts.joined(separator: "; ").onOneLine + "\n"
  }

  private func show() throws -> ExitStatus {
    let configuration = try choice.require()
    for entry in configuration.entries where entry.value != .named {
      if isJSON {
        let line: JSONObject = [
          "path": .string("\(entry.path)"), "value": .string("\(entry.value)"),
          "origin": .string("\(entry.origin)"),
        ]
        try Terminal.out(JSONValue.object(line).text + "\n")
      } else {
        try Terminal.out("\(entry.path) = \(entry.value)  (\(entry.origin))".onOneLine + "\n")
      }
    }
    return .success
  }
}
