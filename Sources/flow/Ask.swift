// `flow ask`: a prompt in, an answer out, as it comes.
import FlowHTTP
import FlowProviders
import Flows

struct Ask: Command {
  static let name = "ask"
  static let summary = "streams an answer to a prompt"
  static var help: String {
    """
    flow ask [options] [PROMPT ...]

    Without words, or where a word is -, the prompt comes from the standard input. Without a provider the first answers
    that the environment configures, or else the embedded one, which needs neither a key nor a network.

    \(Question.help)  --json             one event a line, as JSON

    Ctrl-C cancels: the connection is closed, and the exit status is 130. The exit status is 1 when the answer failed
    or broke off.

    """
  }

  private let question: Question
  private let form: AnswerForm
  private let prompt: Prompt

  init(_ arguments: inout Arguments) throws {
    question = try Question(&arguments)
    form = arguments.flag("--json") ? .json : .text
    prompt = Prompt(arguments.rest())
  }

  func run() async throws -> ExitStatus {
    let choice = try await question.choice()
    let asking = Asking(question, choice, try prompt.text(), form)
    return try await Interrupts.cancelling { try await asking.run(over: CurlTransport.shared) }
  }
}

/// One prompt on its way to one provider.
struct Asking: Sendable {
  private let question: Question
  private let choice: ProviderChoice
  private let prompt: String
  private let form: AnswerForm

  init(_ question: Question, _ choice: ProviderChoice, _ prompt: String, _ form: AnswerForm) {
    self.question = question
    self.choice = choice
    self.prompt = prompt
    self.form = form
  }

  func run(over transport: any HTTPTransport) async throws -> ExitStatus {
    if let note = choice.note { Terminal.error("flow: \(note)\n") }
    let (provider, model) = try await choice.opened(question.model, over: transport)
    return try await show(
      provider.stream(question.request(prompt, model: model)), of: "\(choice.name), \(model)")
  }

  /// Runs `answer` and shows it.
  /// - Throws: ``Complaint``; `CancellationError` when it was cancelled.
  private func show(_ answer: Flow<ChatEvent>, of who: String) async throws -> ExitStatus {
    var screen = AnswerScreen(form, waitingFor: who)
    do {
      try await answer.forEach { try screen.show($0) }
      try screen.end()
      return .success
    } catch let error as CancellationError {
      // Perhaps nobody reads: then there is nothing to wait for.
      try? screen.end(.cancelled(screen.usage))
      Terminal.error("flow: cancelled; used \(screen.used)\n")
      throw error
    } catch let error as OutputClosed {
      throw error
    } catch {
      try screen.end((error as? ProviderError).map { .failed($0) })
      throw Complaint(error, from: choice)
    }
  }
}
