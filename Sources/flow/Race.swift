// `flow race`: several are asked, the fastest answers.
import FlowHTTP
import FlowProviders
import Flows

struct Race: Command {
  static let name = "race"
  static let summary = "asks several providers at once, and shows the answer of the fastest"
  static var help: String {
    """
    flow race --providers A,B [options] [PROMPT ...]

    The first to say something wins; the others are cancelled at once, and their servers hear of it. Then it is told who
    won, and how far the others were.

      --providers A,B    who runs, at least two; NAME:MODEL names a model too
      --decided-by WHAT  first-token or first-complete; first-token when left out
      --json             one event a line, as JSON, and at the end a line of the type race
    \(Question.help)
    The exit status is 0 when somebody answered, 1 when nobody did, 130 after Ctrl-C.

    """
  }

  enum Decision: String, CaseIterable {
    case firstToken = "first-token"
    case firstComplete = "first-complete"
  }

  private let question: Question
  private let wanted: [WantedProvider]
  private let decision: Decision
  private let form: AnswerForm
  private let prompt: Prompt

  init(_ arguments: inout Arguments) throws {
    question = try Question(&arguments)
    wanted = try WantedProvider.list(&arguments)
    decision = try arguments.choice("--decided-by", of: Decision.self) ?? .firstToken
    form = arguments.flag("--json") ? .json : .text
    prompt = Prompt(arguments.rest())
    if wanted.count < 2 { throw Misuse("a race wants at least two: --providers A,B") }
    if question.provider != nil || question.address != nil {
      throw Misuse("--providers says who runs, and the environment where they are")
    }
  }

  func run() async throws -> ExitStatus {
    let choices = try wanted.map { try ProviderChoice($0.name, address: nil, in: Terminal.variables) }
    let prompt = try prompt.text()
    return try await Interrupts.cancelling { try await run(choices, prompt) }
  }

  private func run(_ choices: [ProviderChoice], _ prompt: String) async throws -> ExitStatus {
    var answers: [Flow<ChatEvent>] = []
    for (choice, one) in zip(choices, wanted) {
      let (provider, model) = try await choice.opened(one.model ?? question.model)
      answers.append(provider.stream(question.request(prompt, model: model)))
    }
    let board = RaceBoard(wanted.map(\.label), at: .now)
    var screen = AnswerScreen(form, waitingFor: wanted.map(\.label).joined(separator: " and "))
    do {
      try await race(answers, board).forEach { try screen.show($0) }
      try screen.end()
    } catch let error as CancellationError {
      try? screen.end(.cancelled(screen.usage))
      throw error
    } catch let error as OutputClosed {
      throw error
    } catch {
      try screen.end((error as? ProviderError).map { .failed($0) })
      throw Complaint(board.failures ?? "\(error)")
    }
    if form == .json {
      try Terminal.out(board.json.text + "\n")
    } else {
      Terminal.error("flow: \(board.text)\n")
    }
    return .success
  }

  private func race(_ answers: [Flow<ChatEvent>], _ board: RaceBoard) -> Flow<ChatEvent> {
    let runners = answers.enumerated().map { number, answer in
      answer.onValue { board.note(number, $0, at: .now) }
        .mapError { error in
          board.note(number, failure: error)
          return error
        }
    }
    switch decision {
    case .firstToken:
      // What comes before says nothing.
      return .race(
        runners.enumerated().map { number, runner in
          runner.drop(while: { !$0.isPiece }).onValue { _ in board.decide(number, at: .now) }
        }, decidedBy: .firstElement)
    case .firstComplete:
      let whole = runners.enumerated().map { number, runner in
        runner.asResponse().onValue { _ in board.decide(number, at: .now) }
      }
      return Flow<ChatResponse>.race(whole, decidedBy: .firstElement).asEvents()
    }
  }
}

/// How far each is.
// Everything is guarded by the lock.
final class RaceBoard: @unchecked Sendable {
  private struct Runner {
    let label: String
    var first: Duration?
    var pieces = 0
    var failure: String?
  }

  private let start: ContinuousClock.Instant
  private let lock = Lock()
  private var runners: [Runner]
  private var winner: Int?
  private var decided = Duration.zero

  init(_ labels: [String], at start: ContinuousClock.Instant) {
    self.start = start
    runners = labels.map { Runner(label: $0) }
  }

  func note(_ number: Int, _ event: ChatEvent, at now: ContinuousClock.Instant) {
    guard event.isPiece else { return }
    lock(self) {
      runners[number].pieces += 1
      if runners[number].first == nil { runners[number].first = now - start }
    }
  }

  func note(_ number: Int, failure: any Error) {
    lock(self) { runners[number].failure = "\(failure)".onOneLine }
  }

  /// The first counts.
  func decide(_ number: Int, at now: ContinuousClock.Instant) {
    lock(self) {
      if winner != nil { return }
      winner = number
      decided = now - start
    }
  }

  /// `openai won after 0.21 s; groq had said nothing`
  var text: String {
    lock(self) {
      guard let winner else { return "nobody won" }
      let others = runners.indices.filter { $0 != winner }.map { number -> String in
        let runner = runners[number]
        if let failure = runner.failure { return "\(runner.label) failed: \(failure)" }
        guard let first = runner.first else { return "\(runner.label) had said nothing" }
        return "\(runner.label) had begun after \(first.shortText), and was at piece \(runner.pieces)"
      }
      return (["\(runners[winner].label) won after \(decided.shortText)"] + others).joined(separator: "; ")
    }
  }

  /// Why nobody has won; `nil` when nobody said why.
  var failures: String? {
    lock(self) {
      let all = runners.compactMap { runner in runner.failure.map { "\(runner.label): \($0)" } }
      return all.isEmpty ? nil : all.joined(separator: "; ")
    }
  }

  /// The last line of `flow race --json`: a public interface, described in docs/guides/flow.md.
  var json: JSONValue {
    lock(self) {
      let rows = runners.enumerated().map { number, runner -> JSONValue in
        var row: JSONObject = ["provider": .string(runner.label), "pieces": .integer(runner.pieces)]
        if let first = runner.first { row["firstTokenSeconds"] = .number(first.inSeconds) }
        if let failure = runner.failure { row["failure"] = .string(failure) }
        return .object(row)
      }
      var object: JSONObject = ["type": "race", "decidedSeconds": .number(decided.inSeconds)]
      if let winner { object["winner"] = .string(runners[winner].label) }
      object["runners"] = .array(rows)
      return .object(object)
    }
  }
}

extension ChatEvent {
  /// A part of the answer.
  fileprivate var isPiece: Bool {
    switch self {
    case .textDelta, .reasoningDelta, .refusalDelta, .toolCallStarted, .toolArgumentsDelta, .toolCall: true
    default: false
    }
  }
}
