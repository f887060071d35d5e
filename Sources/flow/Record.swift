// `flow record`: asks, and writes down what goes over the wire.
import FlowHTTP
import FlowProviders
import Flows

struct Record: Command {
  static let name = "record"
  static let summary = "asks like ask, and writes the exchange to a file"
  static var help: String {
    """
    flow record FILE [options] [PROMPT ...]

    Asks as flow ask does, and writes to FILE what went over the wire: every piece as it came, and when. Keys are left
    out, wherever they turn up. A file that is there is replaced. flow replay plays it.

    \(Question.help)  --json             one event a line, as JSON

    """
  }

  private let path: String
  private let question: Question
  private let form: AnswerForm
  private let prompt: Prompt

  init(_ arguments: inout Arguments) throws {
    question = try Question(&arguments)
    form = arguments.flag("--json") ? .json : .text
    let words = arguments.rest()
    guard let path = words.first, path != "-" else { throw Misuse("the file is missing") }
    self.path = path
    prompt = Prompt(Array(words.dropFirst()))
  }

  func run() async throws -> ExitStatus {
    let choice = try await question.choice()
    if choice.configured == nil { throw Misuse("\(choice.name) has no wire to record; name a --provider") }
    let asking = Asking(question, choice, try prompt.text(), form)
    let file = try TextFile.create(path)
    let isWritten = WriteCheck()
    isWritten.note(file.write(HTTPRecording().text))
    let transport = RecordingTransport(CurlTransport.shared) { exchange in
      isWritten.note(file.write(exchange.text))
    }
    let path = path
    return try await Interrupts.cancelling {
      let status = try await asking.run(over: transport)
      if !isWritten.isRight { throw Complaint("\(path) could not be written") }
      return status
    }
  }
}

/// Whether everything could be written.
// Guarded by the lock.
private final class WriteCheck: @unchecked Sendable {
  private let lock = Lock()
  private var isRightSoFar = true

  func note(_ isRight: Bool) { lock(self) { isRightSoFar = isRightSoFar && isRight } }
  var isRight: Bool { lock(self) { isRightSoFar } }
}
