// What came out of a flow, and when.
import Flows

/// A consumer that writes down what it gets: ``Flows/Flow/record(in:demand:)``. Let go, it cancels.
///
/// The `expect` verbs read what was written in order, each from where the last one ended. They throw ``Unmet``,
/// whose description says what was expected, what there was, and all that came.
// What changes is guarded by the lock.
public final class Recording<Element: Sendable>: @unchecked Sendable {
  /// Something that came out.
  public struct Event: Sendable {
    /// An element, or the end.
    public enum Signal: Sendable {
      case element(Element)
      case end(FlowEnd)
    }
    public let signal: Signal
    /// When it came.
    public let instant: FlowInstant
  }

  private let time: VirtualTime
  private let reaction: (@Sendable (Recording) throws -> Void)?
  private let lock = Lock()
  // All guarded by `lock`.
  private var written: [Event] = []
  private var read = 0
  private var lent: Int
  private var isInside = false
  private var breaches: [String] = []
  private var subscription: FlowSubscription?

  init(
    _ flow: Flow<Element>, _ time: VirtualTime, _ demand: FlowDemand,
    reaction: (@Sendable (Recording) throws -> Void)? = nil
  ) {
    self.time = time
    self.reaction = reaction
    lent = demand.count
    time.addWitness { [weak self] in self?.testimony }
    let subscription = time.asDefault {
      flow.scheduler(time).subscribe(
        demand: demand, onValue: { [weak self] in try self?.note(.element($0)) },
        onEnd: { [weak self] in try? self?.note(.end($0)) })
    }
    lock(self) { self.subscription = subscription }
  }

  /// Writes down a signal, and what is wrong with it.
  func note(_ signal: Event.Signal) throws {
    let event = Event(signal: signal, instant: time.now)
    lock(self) {
      if isInside { breaches.append("\(event) overlaps the signal before it (rule 1.3)") }
      if written.last?.isEnd == true { breaches.append("\(event) came after the end (rule 1.7)") }
      if !event.isEnd {
        if lent == 0 { breaches.append("\(event) was not asked for (rule 1.1)") }
        if lent != .max, lent > 0 { lent -= 1 }
      }
      written.append(event)
      isInside = true
    }
    defer { lock(self) { isInside = false } }
    try reaction?(self)
  }

  // MARK: What came

  /// All that came, in order.
  public var events: [Event] { lock(self) { written } }

  /// The elements that came, in order.
  public var elements: [Element] { events.compactMap(\.element) }

  /// How the flow ended; `nil` while it has not.
  public var end: FlowEnd? { events.lazy.compactMap(\.end).first }

  /// What came that the contract forbids. Empty, or an operator is wrong.
  public var violations: [String] { lock(self) { breaches } }

  /// How many elements were asked for and have not come; `.max` when unlimited.
  public var outstanding: Int { lock(self) { lent } }

  // MARK: What the consumer does

  /// Asks for `count` more.
  public func request(_ count: Int) {
    lock(self) { lent = lent.addingRoom(count) }
    time.asDefault { handle?.request(count) }
  }

  /// Moves its time on, and does all that is due until then.
  func advance(by duration: Duration) { time.advance(by: duration) }

  /// Cancels. Nothing comes any more.
  public func cancel() { handle?.cancel() }

  /// The run is over, in whatever way.
  public var isOver: Bool { handle?.isEnded ?? true }

  private var handle: FlowSubscription? { lock(self) { subscription } }

  private var testimony: String? {
    if isOver { return nil }
    let count = elements.count
    let more = outstanding == .max ? "any number of" : "\(outstanding)"
    return "recording: \(count) elements came, asked for \(more) more, not ended"
  }

  // MARK: Reading

  /// Takes the next event that no expectation has taken.
  func next() -> Event? {
    lock(self) {
      guard read < written.count else { return nil }
      defer { read += 1 }
      return written[read]
    }
  }

  var unread: [Event] { lock(self) { Array(written[read...]) } }
}

extension Recording.Event: CustomStringConvertible {
  var element: Element? { if case .element(let element) = signal { element } else { nil } }
  var end: FlowEnd? { if case .end(let end) = signal { end } else { nil } }
  var isEnd: Bool { end != nil }

  public var description: String {
    let elapsed = FlowInstant(nanoseconds: 0).duration(to: instant)
    return switch signal {
    case .element(let element): "\(element) at \(elapsed)"
    case .end(.finished): "completion at \(elapsed)"
    case .end(.failed(let error)): "failure (\(error)) at \(elapsed)"
    }
  }
}

extension Flow {
  /// Runs the flow in `time` and writes down what comes.
  ///
  /// - Parameters:
  ///   - time: its scheduler.
  ///   - demand: how many elements are asked for at first.
  public func record(in time: VirtualTime, demand: FlowDemand = .unlimited) -> Recording<Element> {
    Recording(self, time, demand)
  }
}
