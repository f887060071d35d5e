// What the stories are made of. One thread at a time touches any of it: see `Explorer`.
@testable import Flows

/// A source, a flow that is run, and all that is seen of it.
final class Scene: @unchecked Sendable {
  let mailbox = Mailbox<Int>(capacity: 8)
  let clock = StillClock()
  var elements: [Int] = []
  var ends: [FlowEnd] = []
  var accepted = 0
  var discarded = 0
  var calledUnderLock = 0
  var subscription: FlowSubscription?
  private weak var token: Token?

  private final class Token: Sendable {}

  init(demand: FlowDemand = .unlimited, _ build: (Flow<Int>, Scene) -> Flow<Int> = { source, _ in source }) {
    let token = Token()
    self.token = token
    let source = Flow<Int> { [mailbox] in mailbox.read(in: $0) }.map { [token, weak self] in
      withExtendedLifetime(token) { self?.noteCall() }
      return $0
    }
    subscribe(build(source, self), demand)
  }

  private func subscribe(_ flow: Flow<Int>, _ demand: FlowDemand) {
    subscription = flow.onDiscard(of: Int.self) { [weak self] _, _ in
      self?.noteCall()
      self?.discarded += 1
    }
    .scheduler(clock)
    .subscribe(demand: demand) { [weak self] element in
      self?.noteCall()
      self?.elements.append(element)
    } onEnd: { [weak self] end in
      self?.noteCall()
      self?.ends.append(end)
    }
  }

  private func noteCall() {
    if (Seam.explorer as? Explorer)?.holdsLock == true { calledUnderLock += 1 }
  }

  func send(_ elements: Int...) {
    for element in elements {
      if case .enqueued = mailbox.send(element, whenFull: .fail) { accepted += 1 }
    }
  }

  func finish() { mailbox.finish() }
  func request(_ count: Int) { subscription?.request(count) }
  func cancel() { subscription?.cancel() }

  /// What must hold in the end, however it came to that.
  func fault(isOver: Bool? = nil, _ isRight: Bool) -> String? {
    let over = subscription?.isEnded ?? true
    let held = token != nil
    let seen =
      "delivered \(elements), ends \(ends.count), accepted \(accepted), discarded \(discarded), over: \(over), "
      + "held: \(held), timers: \(clock.count), under a lock: \(calledUnderLock)"
    if let isOver, isOver != over { return seen }
    if over, held || clock.count > 0 || accepted != elements.count + discarded { return seen }
    return isRight && ends.count <= 1 && calledUnderLock == 0 ? nil : seen
  }
}

/// A scheduler whose time moves when it is told to.
final class StillClock: FlowScheduler, @unchecked Sendable {
  private var present: Int64 = 0
  private var timers: [UInt64: (instant: Int64, action: @Sendable () -> Void)] = [:]
  private var last: UInt64 = 0

  var now: FlowInstant { FlowInstant(nanoseconds: present) }
  var count: Int { timers.count }

  func schedule(at instant: FlowInstant, _ action: @escaping @Sendable () -> Void) -> FlowTimer {
    last += 1
    timers[last] = (instant.nanoseconds, action)
    return FlowTimer(id: last)
  }

  func cancel(_ timer: FlowTimer) -> Bool { timers.removeValue(forKey: timer.id) != nil }
  func execute(_ work: @escaping @Sendable () -> Void) { work() }

  /// Moves time on, and rings what is due.
  func move(to instant: Int64) {
    present = max(present, instant)
    while let next = timers.filter({ $0.value.instant <= present }).min(by: { $0.key < $1.key }) {
      timers[next.key] = nil
      next.value.action()
    }
  }
}
