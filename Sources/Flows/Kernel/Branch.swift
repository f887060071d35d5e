// A flow that a stage feeds: a window of its upstream, or the rest of it.

/// What a stage sends to whoever runs a flow that it has made: in the same run or in another one, on any thread.
///
/// It belongs to the run of the stage, and fails when that ends before the stage has said how the flow does.
final class Branch<Element: Sendable>: Resource, @unchecked Sendable {
  private let mailbox: Mailbox<Element>
  private let context: FlowContext

  /// - Parameter capacity: how many elements may wait for the reader, once it has asked for any; `nil` when none is
  ///   sent that was not asked for.
  init(in context: FlowContext, buffer capacity: Int?) {
    self.context = context
    // Who keeps the flow keeps neither the run nor the stage.
    mailbox = Mailbox(
      capacity: capacity ?? .max, asking: Asking(isAhead: capacity != nil),
      onRequest: { [weak scope = context.scope] in scope?.wake() })
    super.init()
    context.scope.own(self)
  }

  /// What the reader runs, once. When it is let go without having been run, the branch is closed.
  var flow: Flow<Element> {
    let leave: @Sendable () -> Void = { [weak scope = context.scope] in scope?.wake() }
    let ticket = Ticket(mailbox, context.environment, leave)
    return Flow { reader in
      guard ticket.use() else { return { _ in .failed(FlowRunTwice()) } }
      // Behind the mailbox, so that the stage finds it closed.
      reader.onEnd(leave)
      return ticket.mailbox.read(in: reader)
    }
  }

  /// Somebody reads, or may come to read.
  var isOpen: Bool { mailbox.isOpen }

  /// There is, or was, a reader.
  var isRead: Bool { mailbox.isTaken }

  /// How much may be sent. The stage is woken when that becomes more, and when nobody reads any more.
  var space: Int { mailbox.space() }

  /// Nothing may be sent before something was read.
  var isFull: Bool { mailbox.isOpen && mailbox.isFull }

  /// Sends `element`; when nobody reads, it is given up.
  func send(_ element: Element) { if !mailbox.accept(element) { context.discard(element, .policy) } }

  /// Sends `element`, or does what `policy` says when there is no room for it; `nil` when there always is.
  func send(_ element: Element, whenFull policy: OverflowPolicy?) {
    guard let policy else { return send(element) }
    if case .dropped(let lost) = mailbox.send(element, whenFull: policy) { context.discard(lost, .policy) }
  }

  func finish(_ how: Poll) {
    mailbox.finish(how)
    context.scope.disown(self)
  }

  override func release() { mailbox.finish(.failed(CancellationError())) }

  /// The right to run the flow.
  private final class Ticket: Sendable {
    let mailbox: Mailbox<Element>
    private let environment: Environment
    private let leave: @Sendable () -> Void

    init(_ mailbox: Mailbox<Element>, _ environment: Environment, _ leave: @escaping @Sendable () -> Void) {
      self.mailbox = mailbox
      self.environment = environment
      self.leave = leave
    }

    func use() -> Bool { mailbox.reserve() }

    deinit {
      guard let left = mailbox.abandon() else { return }
      for element in left { environment.discardHook?(element, .policy) }
      leave()
    }
  }
}

extension Mailbox {
  /// There is a reader, or one may come.
  var isOpen: Bool { lock(self) { !isClosed } }

  var isFull: Bool { lock(self) { queue.count >= capacity } }

  /// Takes `element`, and tells the sender anew, who may have been told that it could not send. False when nobody
  /// reads any more.
  func accept(_ element: Element) -> Bool {
    var woken: Scope?
    let isAccepted = lock(self) {
      if isClosed || ending != nil { return false }
      queue.append(element)
      if demand > 0 { demand -= 1 }
      woken = takeAwaiting()
      _ = tell()
      return true
    }
    woken?.wake()
    return isAccepted
  }

  var isTaken: Bool { lock(self) { isReserved } }

  /// Takes the place of the only reader. False when it was taken.
  func reserve() -> Bool {
    lock(self) {
      defer { isReserved = true }
      return !isReserved
    }
  }

  /// Nobody will read who has not come by now. The answer is what waited; `nil` when somebody has.
  func abandon() -> [Element]? {
    lock(self) {
      if isReserved { return nil }
      isClosed = true
      return queue.takeAll()
    }
  }
}

/// A part of another flow, as a window of it, was run a second time: its elements are gone.
public struct FlowRunTwice: Error, CustomStringConvertible {
  public init() {}
  public var description: String {
    "a part of another flow can be run once: its elements are not kept. Give its consumers a share()"
  }
}
