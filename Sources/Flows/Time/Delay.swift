// Everything later.

extension Flow {
  /// Delivers every element, and the completion, `interval` after it came.
  ///
  ///     source    -a-b--c|
  ///     delay(3)  ----a-b--c|
  ///
  /// **Demand.** Elements on their way count against what was asked for: the upstream is asked only for the rest, and
  /// for none while 65,536 are on their way.
  /// **Completion.** Delayed as well. **Failure.** At once: it overtakes the elements on their way, which are
  /// discarded.
  ///
  /// - Parameter interval: zero or more; a negative one traps.
  @inlinable
  public func delay(for interval: Duration) -> Flow {
    precondition(interval >= .zero, "delay(for: \(interval)): time does not run backwards")
    return Flow { context in
      let upstream = start(in: context)
      let alarm = context.alarm()
      let underWay = Held<Element>(context)
      // What came together arrives together; the completion is an arrival of none.
      var arrivals = Ring<Arrival>()
      var answer = Poll.more
      return { room in
        let most = Swift.min(room.asked, Arrival.mostUnderWay)
        if !answer.isTerminal {
          let count = Chunk<Element>.scratch(most &- underWay.count) { input in
            answer = upstream(&input)
            defer { underWay.append(draining: &input) }
            return input.count
          }
          if case .failed = answer {
            alarm.clear()
            return answer
          }
          if count > 0 || answer.isTerminal {
            arrivals.append(Arrival(due: context.now.advanced(by: interval), count: count))
          }
        }
        if arrivals.isEmpty { return answer }
        let now = context.now
        while let next = arrivals.popFirst() {
          let isDue = next.due <= now
          let delivered = isDue ? Swift.min(next.count, room.room) : 0
          underWay.drain(atMost: delivered, into: &room)
          if isDue && delivered == next.count { continue }
          arrivals.prepend(Arrival(due: next.due, count: next.count &- delivered))
          // The alarm rests until there is room for what is due.
          alarm.set(at: isDue ? .distantFuture : next.due)
          return isDue || (answer.asksAgain && most > underWay.count) ? .more : .pending
        }
        alarm.set(at: .distantFuture)
        return answer
      }
    }
  }
}

/// So many elements that come out at one instant.
@usableFromInline
struct Arrival {
  /// So many elements may be on their way: a source that never runs dry must not fill the memory.
  @inlinable static var mostUnderWay: Int { 65_536 }

  @usableFromInline let due: FlowInstant
  @usableFromInline let count: Int
  @usableFromInline
  init(due: FlowInstant, count: Int) {
    self.due = due
    self.count = count
  }
}
