// Time itself.

/// A moment that ``Flow/timer(after:)`` or ``Flow/interval(every:)`` delivers.
public struct FlowTick: Sendable, Hashable {
  /// Which tick it is, counted from 1, those that were missed included: tick n comes n intervals after the start.
  public let number: Int
  /// When it was due.
  public let instant: FlowInstant
  /// How many ticks have been dropped since the one that was delivered before it.
  public let missed: Int

  public init(number: Int, instant: FlowInstant, missed: Int = 0) {
    self.number = number
    self.instant = instant
    self.missed = missed
  }
}

extension Flow where Element == FlowTick {
  /// Delivers one tick, `delay` after the start of the run, and completes.
  ///
  ///     timer(3)  ---(1|)
  ///
  /// **Demand.** A tick that is due and not asked for waits: there is no later one that could tell of it.
  ///
  /// - Parameter delay: zero or less is over at once.
  public static func timer(after delay: Duration) -> Flow {
    Flow { context in
      let alarm = context.alarm()
      let due = context.now.advanced(by: Swift.max(.zero, delay))
      alarm.set(at: due)
      return { room in
        guard alarm.isDue else { return .pending }
        if room.isFull { return .more }
        alarm.clear()
        room.append(FlowTick(number: 1, instant: due))
        return .finished
      }
    }
  }

  /// Delivers a tick every `interval`, the first of them one interval after the start of the run, for ever.
  ///
  ///     interval(3)  ---1--2--3--
  ///
  /// Ticks do not drift: they are multiples of the interval from the start, however late one of them is seen.
  ///
  /// **Demand.** A tick that nobody asks for when it is due is dropped; the next one that is delivered counts those
  /// in ``FlowTick/missed``. So are ticks that fell due while the consumer was busy, except the latest.
  ///
  /// - Parameter interval: more than zero; anything else traps.
  public static func interval(every interval: Duration) -> Flow {
    precondition(interval > .zero, "interval(every: \(interval)): the interval must be more than zero")
    return Flow { context in
      let alarm = context.alarm()
      var beat = Beat(every: interval, from: context.now)
      alarm.set(at: beat.next)
      return { room in
        guard alarm.isDue else { return room.isFull ? .more : .pending }
        let tick = beat.strike(at: context.now)
        alarm.set(at: beat.next)
        if room.isFull {
          context.discard(tick, .policy)
          return .more
        }
        beat.missed = 0
        room.append(tick)
        return room.isFull ? .more : .pending
      }
    }
  }
}

/// The multiples of an interval.
private struct Beat {
  private let start: Int64
  private let interval: Int64
  /// The last tick that fell due.
  private var number = 0
  /// How many fell due since one was delivered.
  var missed = 0

  init(every interval: Duration, from start: FlowInstant) {
    self.start = start.nanoseconds
    self.interval = interval.nanoseconds
  }

  var next: FlowInstant { instant(of: number + 1) }

  /// The latest tick that is due. Until it is delivered it counts as missed, as do those it has overtaken.
  mutating func strike(at now: FlowInstant) -> FlowTick {
    let latest = Swift.max(number + 1, Int((now.nanoseconds - start) / interval))
    let tick = FlowTick(
      number: latest, instant: instant(of: latest), missed: missed + latest - number - 1)
    missed += latest - number
    number = latest
    return tick
  }

  private func instant(of number: Int) -> FlowInstant {
    let (offset, overflow) = Int64(number).multipliedReportingOverflow(by: interval)
    let (instant, overflowed) = start.addingReportingOverflow(offset)
    return FlowInstant(nanoseconds: overflow || overflowed ? .max : instant)
  }
}
