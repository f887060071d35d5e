// The command-line tool: finds the command and runs it.

/// Every command, in the order in which the help lists them. A command is a file of its own.
let commands: [any Command.Type] = [
  Ask.self, Batch.self, Race.self, Route.self, Providers.self, Config.self, Health.self, Probe.self,
  Record.self, Replay.self, Decode.self,
]

@main
enum FlowTool {
  static func main() async {
    await Terminal.exit(run(Array(CommandLine.arguments.dropFirst())))
  }

  /// Off the main actor, where each hop would cost microseconds.
  @concurrent
  static func run(_ words: [String]) async -> ExitStatus {
    do {
      return try await find(words)
    } catch is OutputClosed {
      // Whoever read has left: there is nobody to tell.
      return .failure
    } catch {
      Terminal.error("flow: \(error)\n")
      return .failure
    }
  }

  private static func find(_ words: [String]) async throws -> ExitStatus {
    guard let name = words.first, !["help", "--help", "-h"].contains(name) else {
      try Terminal.out(help)
      return words.isEmpty ? .misuse : .success
    }
    guard let command = commands.first(where: { $0.name == name }) else {
      Terminal.error("flow: there is no command \(name)\n\n\(help)")
      return .misuse
    }
    if words.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
      try Terminal.out(command.help)
      return .success
    }
    do {
      var arguments = Arguments(Array(words.dropFirst()))
      let parsed = try command.init(&arguments)
      try arguments.finish()
      return try await parsed.run()
    } catch let misuse as Misuse {
      Terminal.error("flow \(name): \(misuse.message)\nflow \(name) --help tells more.\n")
      return .misuse
    } catch let complaint as Complaint {
      Terminal.error("flow \(name): \(complaint.line)\n")
      return .failure
    } catch is CancellationError {
      return Interrupts.status
    }
  }

  static var help: String {
    "flow COMMAND [options]\n\n"
      + commands.map {
        "  \($0.name)\(String(repeating: " ", count: max(1, 12 - $0.name.count)))\($0.summary)\n"
      }
      .joined()
      + "\nflow COMMAND --help tells more.\n"
  }
}

/// What a command must say of itself.
protocol Command: Sendable {
  static var name: String { get }
  /// One line.
  static var summary: String { get }
  static var help: String { get }
  /// Takes what it understands out of the arguments.
  init(_ arguments: inout Arguments) throws
  func run() async throws -> ExitStatus
}

enum ExitStatus: Int32 {
  case success = 0
  /// The command did what it should, and the answer is no.
  case failure = 1
  /// The command was not understood.
  case misuse = 2
  /// Somebody pressed Ctrl-C.
  case interrupted = 130
  case terminated = 143
}
