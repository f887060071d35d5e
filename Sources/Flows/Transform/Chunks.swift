// Several elements in one.

extension Flow {
  /// Delivers the elements in arrays of `count`.
  ///
  ///     source     -a-b-c-d-e-|
  ///     chunks(2)  ---x---y---(z|)
  ///
  /// with x = [a, b], y = [c, d] and z = [e].
  ///
  /// **Demand.** Upstream is asked for `count` elements for each array that was asked for, without those that
  /// wait for their array to be full. **Completion.** Delivers what waits as a shorter array.
  /// **Failure.** Discards what waits.
  ///
  /// - Parameter count: the number of elements in an array, at least 1; anything else traps.
  @inlinable
  public func chunks(ofCount count: Int) -> Flow<[Element]> {
    precondition(count > 0, "chunks(ofCount: \(count)): an array needs at least one element")
    return Flow<[Element]> { context in
      var upstream = Upstream(self, in: context)
      let waiting = Held<Element>(context)
      return { room in
        if upstream.isLive {
          let (asked, isTooMany) = room.room.multipliedReportingOverflow(by: count)
          let poll = Chunk<Element>.scratch(isTooMany ? .max : asked &- waiting.count) { input in
            let poll = upstream.poll(&input)
            waiting.append(draining: &input)
            return poll
          }
          while waiting.count >= count { room.append(waiting.take(count)) }
          switch poll {
          case .more, .pending: return poll
          case .failed:
            waiting.discardAll(.ended)
            return poll
          case .finished: break
          }
        }
        if waiting.isEmpty { return .finished }
        if room.isFull { return .more }
        room.append(waiting.take(waiting.count))
        return .finished
      }
    }
  }
}
