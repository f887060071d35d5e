// Looks at the upstream at regular intervals.

/// What ``Flow/sample(every:atEnd:)`` does with an element that waits for its tick when the upstream completes.
public enum SampleRemainder: Sendable, Equatable {
  /// Gives it up: what comes out are samples, and nothing else.
  case discard
  /// Delivers it.
  case deliver
}

extension Flow {
  /// Delivers, at every tick, the latest element that has come since the tick before; nothing when none has.
  ///
  ///     source     -a-b-c---d---e|
  ///     sample(4)  ----b---c---d-|
  ///
  /// Ticks are multiples of `interval` from the start of the run. An element that comes in the moment of a tick
  /// counts.
  ///
  /// **Demand.** The upstream is consumed without limit; only the latest element is held. A sample that is due and
  /// not asked for waits, and the next one replaces it. **Failure.** Discards what waits.
  ///
  /// - Parameters:
  ///   - interval: more than zero; anything else traps.
  ///   - remainder: what becomes of an element whose tick has not come when the upstream completes.
  @inlinable
  public func sample(every interval: Duration, atEnd remainder: SampleRemainder = .discard) -> Flow {
    precondition(interval > .zero, "sample(every: \(interval)): the interval must be more than zero")
    return Flow { context in
      let upstream = start(in: context)
      let alarm = context.alarm()
      let due = Held<Element>(context)
      let latest = Held<Element>(context)
      var ticks = Ticks(every: interval, from: context.now)
      var tick = FlowInstant.distantFuture
      var ending = Poll.pending
      return { room in
        due.drain(into: &room)
        if !ending.isTerminal {
          ending = context.exhaust(
            upstream,
            chunks: { elements in
              if latest.isEmpty { tick = ticks.next(notBefore: context.now) }
              while let element = elements.next() { latest.replace(with: element) }
              return true
            })
        }
        switch ending {
        case .pending, .more:
          if latest.isEmpty { break }
          if tick <= context.now, let sample = latest.next() { due.deliver(sample, into: &room) }
          alarm.set(at: latest.isEmpty ? .distantFuture : tick)
        case .finished:
          alarm.clear()
          if let last = latest.next() {
            switch remainder {
            case .deliver: due.deliver(last, into: &room)
            case .discard: context.discard(last, .policy)
            }
          }
        case .failed:
          alarm.clear()
          return ending
        }
        return due.isEmpty ? ending : .more
      }
    }
  }
}

/// The multiples of an interval, each taken once.
@usableFromInline
struct Ticks {
  private let interval: Int64
  private let start: Int64
  private var last: Int64 = 0

  @usableFromInline
  init(every interval: Duration, from start: FlowInstant) {
    self.interval = interval.nanoseconds
    self.start = start.nanoseconds
  }

  /// The first tick that is not before `now` and was not taken yet.
  @usableFromInline
  mutating func next(notBefore now: FlowInstant) -> FlowInstant {
    let elapsed = now.nanoseconds - start
    let number = max(last + 1, elapsed / interval + (elapsed % interval > 0 ? 1 : 0))
    last = number
    let (offset, overflow) = number.multipliedReportingOverflow(by: interval)
    let (tick, overflowed) = start.addingReportingOverflow(offset)
    return FlowInstant(nanoseconds: overflow || overflowed ? .max : tick)
  }
}
