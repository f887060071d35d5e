// The line before a limit that several runs share.

/// Who is let in, and when. Asked under the lock of the turnstile, one call at a time.
protocol TurnstileRule: Sendable {
  /// Lets one of `weight` in, if that may be now.
  mutating func admit(_ weight: Int, at now: FlowInstant) -> Bool

  /// When one of `weight` will be let in that stands behind others of the weight `ahead`; `nil` when that depends on
  /// those inside.
  func opening(for weight: Int, behind ahead: Int128, at now: FlowInstant) -> FlowInstant?

  /// One of `weight` has left that had been let in. The answer is whether that makes way for another.
  mutating func leave(_ weight: Int) -> Bool

  /// What one is told who is not let in before `opening`.
  func refusal(until opening: FlowInstant?, at now: FlowInstant) -> any Error
}

/// Lets runs in one after another, in the order of their arrival, when its rule says so.
///
/// Only the first of the line asks the rule, and only its run has a timer. Whoever makes way calls the first, on the
/// scheduler of that one's run: on top of the caller, a line of runs that end at once would need a stack of its length.
final class Turnstile<Rule: TurnstileRule>: @unchecked Sendable {
  private let lock = Lock()
  // All guarded by `lock`.
  private var rule: Rule
  private var first: Visitor?
  private unowned(unsafe) var last: Visitor?
  private var count = 0
  private var weight: Int128 = 0
  /// The time of the first run that came, which is that of all.
  private var scheduler: (any FlowScheduler)?

  init(_ rule: Rule) { self.rule = rule }

  private enum Place {
    case waiting
    case inside
    case refused(until: FlowInstant?)
    case gone
  }

  private final class Visitor: Admission, @unchecked Sendable {
    let turnstile: Turnstile
    let weight: Int
    /// It does not wait longer.
    let deadline: FlowInstant
    // All guarded by the lock of the turnstile.
    var place = Place.waiting
    var next: Visitor?
    unowned(unsafe) var previous: Visitor?

    init(_ turnstile: Turnstile, _ context: FlowContext, _ weight: Int, until deadline: FlowInstant) {
      self.turnstile = turnstile
      self.weight = weight
      self.deadline = deadline
      super.init(context)
    }

    override func ask() -> Answer { turnstile.ask(self) }

    override func release() { turnstile.leave(self) }

    func call() {
      let scope = context.scope
      context.scheduler.execute { scope.wake() }
    }
  }

  /// A new place in the line, which belongs to the run of `context`.
  ///
  /// - Parameters:
  ///   - weight: how much of the limit it takes, at least 1.
  ///   - limit: the most that wait, this one included.
  ///   - patience: whoever would wait longer is refused at once; `nil` for no limit.
  func enter(
    _ context: FlowContext, weight: Int = 1, maxWaiting limit: Int = .max, atMost patience: Duration? = nil
  ) -> Admission {
    let now = context.now
    let deadline = patience.map(now.advanced(by:)) ?? .distantFuture
    let scheduler = context.scheduler
    let visitor = Visitor(self, context, weight, until: deadline)
    lock(self) {
      if self.scheduler == nil { self.scheduler = scheduler }
      if first == nil, rule.admit(weight, at: now) {
        visitor.place = .inside
        return
      }
      let opening = rule.opening(for: weight, behind: self.weight, at: now)
      if count >= limit || opening.map({ $0 > deadline }) == true {
        visitor.place = .refused(until: opening)
      } else {
        append(visitor)
      }
    }
    context.scope.own(visitor)
    return visitor
  }

  private func ask(_ visitor: Visitor) -> Admission.Answer {
    let now = visitor.context.now
    let (answer, called) = lock(self) { () -> (Admission.Answer, Visitor?) in
      switch visitor.place {
      case .inside: return (.granted, nil)
      case .gone: return (.pending(until: .distantFuture), nil)
      case .refused(let opening): return (.refused(rule.refusal(until: opening, at: now)), nil)
      case .waiting: break
      }
      guard visitor === first else { return (.pending(until: .distantFuture), nil) }
      guard rule.admit(visitor.weight, at: now) else {
        return (.pending(until: opening(at: now) ?? .distantFuture), nil)
      }
      remove(visitor)
      visitor.place = .inside
      return (.granted, firstToCall(at: now))
    }
    called?.call()
    return answer
  }

  private func leave(_ visitor: Visitor) {
    let now = visitor.context.now
    let called = lock(self) { () -> Visitor? in
      defer { visitor.place = .gone }
      switch visitor.place {
      case .refused, .gone: return nil
      case .inside: return rule.leave(visitor.weight) ? firstToCall(at: now) : nil
      case .waiting:
        let isFirst = visitor === first
        remove(visitor)
        return isFirst ? firstToCall(at: now) : nil
      }
    }
    called?.call()
  }

  /// Changes the rule. Who would wait too long by the new one is refused.
  func change(_ change: (inout Rule, FlowInstant) -> Void) {
    let now = now
    let called = lock(self) { () -> [Visitor] in
      change(&rule, now)
      var called: [Visitor] = []
      var ahead: Int128 = 0
      var next = first
      while let visitor = next {
        next = visitor.next
        if let opening = rule.opening(for: visitor.weight, behind: ahead, at: now), opening > visitor.deadline
        {
          remove(visitor)
          visitor.place = .refused(until: opening)
          called.append(visitor)
        } else {
          ahead += Int128(visitor.weight)
        }
      }
      if let first { called.append(first) }
      return called
    }
    for visitor in called { visitor.call() }
  }

  /// The rule as it is, and how many wait.
  func look<R>(_ body: (_ rule: Rule, _ waiting: Int, _ now: FlowInstant) -> R) -> R {
    let now = now
    return lock(self) { body(rule, count, now) }
  }

  /// The present, for whoever is no run.
  private var now: FlowInstant { (lock(self) { scheduler } ?? Environment.current.scheduler).now }

  // All that follow are called with the lock held.

  private func opening(at now: FlowInstant) -> FlowInstant? {
    first.flatMap { rule.opening(for: $0.weight, behind: 0, at: now) }
  }

  /// The first of the line, when it may go in, or must set its timer.
  private func firstToCall(at now: FlowInstant) -> Visitor? { opening(at: now) == nil ? nil : first }

  private func append(_ visitor: Visitor) {
    visitor.previous = last
    if let last { last.next = visitor } else { first = visitor }
    last = visitor
    count += 1
    weight += Int128(visitor.weight)
  }

  private func remove(_ visitor: Visitor) {
    if let previous = visitor.previous { previous.next = visitor.next } else { first = visitor.next }
    if let next = visitor.next { next.previous = visitor.previous } else { last = visitor.previous }
    visitor.next = nil
    visitor.previous = nil
    count -= 1
    weight -= Int128(visitor.weight)
  }
}
