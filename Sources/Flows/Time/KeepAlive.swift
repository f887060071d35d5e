// A sign of life while nothing comes.

extension Flow {
  /// Delivers what `heartbeat` makes whenever nothing else has come for `interval`.
  ///
  ///     source        -a-------b-|
  ///     keepAlive(3)  -a--x--x-b-|
  ///
  /// **Demand.** Only while something is asked for. A heartbeat that is due without demand waits for it, at most one, and
  /// an element that comes goes first. **Failure.** An error thrown by `heartbeat` cancels upstream and fails the flow.
  ///
  /// - Parameters:
  ///   - interval: more than zero; anything else traps.
  ///   - heartbeat: called once for each.
  @inlinable
  public func keepAlive(
    every interval: Duration, _ heartbeat: @escaping @Sendable () throws -> Element
  ) -> Flow {
    precondition(interval > .zero, "keepAlive(every: \(interval)): the interval must be more than zero")
    return Flow { context in
      let upstream = start(in: context)
      let silence = context.alarm()
      silence.set(after: interval)
      return { room in
        let before = room.count
        let poll = upstream(&room)
        if poll.isTerminal {
          silence.clear()
          return poll
        }
        if room.count > before {
          silence.set(after: interval)
        } else if !room.isFull, silence.isDue {
          do { room.append(try heartbeat()) } catch { return .failed(error) }
          silence.set(after: interval)
        }
        return poll
      }
    }
  }
}
