// The pen in the hand of a model that blocks.
import Flows

/// Where a ``BlockingProvider`` writes an answer. It keeps the grammar of ``ChatEvent``: texts and rounds open and close
/// by themselves.
///
/// For the thread that answers, and no other.
// `isOver` is guarded by the lock; all else belongs to the thread that answers.
public final class BlockingAnswer: @unchecked Sendable {
  private let mailbox: Mailbox<ChatEvent>
  private let signal: ThreadSignal
  private let lock = Lock()
  private var isOver = false

  private var assembler = Assembler()
  private var end = Finish(.stop)

  init(_ mailbox: Mailbox<ChatEvent>, _ signal: ThreadSignal) {
    self.mailbox = mailbox
    self.signal = signal
  }

  /// Nobody reads any more: stop, whatever was written is lost.
  public var isCancelled: Bool { lock(self) { isOver } }

  /// Says who answers, before anything is written.
  public func identify(id: String? = nil, model: String? = nil) { assembler.identify(id: id, model: model) }

  /// Adds to the text of the answer, and returns when more is asked for.
  ///
  /// - Throws: `CancellationError` when nobody reads any more.
  public func write(_ text: String) throws {
    assembler.text(text, in: .implicit(0))
    try deliver()
  }

  /// Adds to the thoughts that are shown with the answer, and returns when more is asked for.
  ///
  /// - Throws: `CancellationError` when nobody reads any more.
  public func writeReasoning(_ text: String) throws {
    assembler.reasoning(text, in: .implicit(0))
    try deliver()
  }

  /// Calls a tool. The answer ends in calls then, unless ``finish(_:)`` says otherwise.
  ///
  /// - Throws: `CancellationError` when nobody reads any more.
  public func call(_ call: ToolCall) throws {
    assembler.whole(call)
    try deliver()
  }

  /// How much of the prompt has been read, from 0 to 1.
  public func report(promptProgress: Double) throws {
    assembler.emit(.promptProgress(promptProgress))
    try deliver()
  }

  /// What the answer has cost so far; the last word counts.
  public func report(_ usage: Usage) { assembler.usage.merge(usage) }

  /// How the answer will have ended when the function returns; complete, with `stop`, if it does not say.
  public func finish(_ finish: Finish) { end = finish }

  // MARK: Around the function

  /// Runs `body` and ends the answer.
  func run(_ body: () throws -> Void) {
    if isCancelled { return }
    do {
      try body()
      assembler.finish(end)
      assembler.end()
      try deliver(waits: false)
      mailbox.finish()
    } catch {
      if isCancelled { return }
      var error = ProviderError(local: error)
      error.emitted = assembler.emittedSoFar
      mailbox.finish(.failed(error))
    }
  }

  /// The reader is gone.
  func leave() {
    lock(self) { isOver = true }
    signal.signal()
  }

  /// Hands over what the assembler has, each event when it is asked for.
  private func deliver(waits: Bool = true) throws {
    var events: [ChatEvent] = []
    assembler.take(into: &events)
    for event in events {
      try awaitDemand()
      mailbox.post(event)
      mailbox.wakeReader()
    }
    if waits { try awaitDemand() }
  }

  /// Parks the thread until something is asked for.
  private func awaitDemand() throws {
    while true {
      if isCancelled { throw CancellationError() }
      if mailbox.space() > 0 { return }
      signal.wait()
    }
  }
}
