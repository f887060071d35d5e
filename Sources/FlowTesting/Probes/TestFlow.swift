// A source that a test drives, and that remembers what was done to it.
import Flows

/// A source whose elements come from a test, when the test likes.
///
/// ```swift
/// let source = TestFlow<Int>("source")
/// let seen = source.flow.map { $0 * 2 }.record(in: time, demand: 2)
/// source.send(1)
/// try seen.expect(2)
/// #expect(source.asked == 1)
/// ```
///
/// What is sent waits until it is asked for. With several subscriptions alive, each gets what is sent; with none,
/// nobody does. A source that was ended stays so for the subscriptions alive; a later one begins anew.
// `runs` is guarded by the lock.
public final class TestFlow<Element: Sendable>: @unchecked Sendable {
  private let log: SourceLog
  private let misbehaviour: Misbehaviour
  /// What its runs do by themselves, one after another.
  private let scripts: [SourceScript<Element>]
  private let time: VirtualTime?
  private let lock = Lock()
  private var runs: [SourceRun<Element>] = []  // guarded by `lock`

  /// - Parameters:
  ///   - name: what it is called in messages.
  ///   - misbehaviour: what it does on purpose that no source should do.
  public convenience init(_ name: String = "source", misbehaviour: Misbehaviour = []) {
    self.init(name, misbehaviour: misbehaviour, in: nil, [])
  }

  init(
    _ name: String, misbehaviour: Misbehaviour, in time: VirtualTime?, _ scripts: [SourceScript<Element>]
  ) {
    log = SourceLog(name)
    self.misbehaviour = misbehaviour
    self.time = time
    self.scripts = scripts
  }

  /// The source as a flow.
  public var flow: Flow<Element> {
    Flow { [self] context in
      let run = SourceRun<Element>(context, log, misbehaviour)
      lock(self) { runs.append(run) }
      context.onEnd { [weak self, weak run] in
        guard let self, let run, !self.misbehaviour.contains(.ignoresCancellation) else { return }
        self.lock(self) { self.runs.removeAll { $0 === run } }
      }
      if let time, let last = scripts.last {
        let number = log.now.subscriptions - 1
        (number < scripts.count ? scripts[number] : last).play(on: run, in: time, misbehaviour)
      }
      return run.stage
    }
  }

  // MARK: What the test does

  /// Sends elements, at once or as soon as they are asked for. Any thread. False when nobody is subscribed.
  @discardableResult
  public func send(_ elements: Element...) -> Bool { tell(elements, nil) }

  /// Completes, after what was sent. False when nobody is subscribed.
  @discardableResult
  public func finish() -> Bool { tell([], .finished) }

  /// Fails, after what was sent. False when nobody is subscribed.
  @discardableResult
  public func fail(_ error: any Error = MarbleError()) -> Bool { tell([], .failed(error)) }

  /// Wakes its consumers `count` times with nothing to say. Any thread.
  public func wake(times count: Int = 1) {
    for run in lock(self, { runs }) {
      for _ in 0..<count { run.wake() }
    }
  }

  private func tell(_ elements: [Element], _ ending: Poll?) -> Bool {
    var isHeard = false
    for run in lock(self, { runs }) where run.send(elements, ending) { isHeard = true }
    return isHeard
  }

  // MARK: What was done to it

  /// How often it was subscribed to.
  public var subscriptions: Int { log.now.subscriptions }

  /// A subscription is alive.
  public var isActive: Bool { log.now.active > 0 }

  /// How often a subscription ended before the source did.
  public var cancellations: Int { log.now.cancellations }

  /// No subscription is alive, and nobody holds what one needed.
  public var isReleased: Bool { log.now.active == 0 && log.now.stages == 0 }

  /// How many elements consumers have asked for and not got; `.max` when unlimited, which is as many as one
  /// poll can carry.
  public var asked: Int { log.outstanding }

  /// How many elements were ever asked for; `.max` when unlimited.
  public var askedInTotal: Int { log.now.total }

  /// How many elements were taken.
  public var sent: Int { log.now.sent }

  /// What consumers did that the contract forbids. Empty, or an operator is wrong.
  public var violations: [String] { log.violations }

  /// - Throws: ``Unmet`` when a subscription is alive, something of one is still held, or the contract was broken.
  public func expectReleased() throws {
    if let violation = violations.first { throw Unmet(violation) }
    if isActive { throw Unmet("\(log.name) has not been let go: \(log.now.active) subscriptions are alive") }
    if !isReleased {
      throw Unmet("\(log.name) was ended, but \(log.now.stages) of its stages are still held")
    }
  }
}
