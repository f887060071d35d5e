// Each element with its neighbours.

extension Flow {
  /// Delivers arrays of `count` elements, each beginning `step` elements behind the one before.
  ///
  ///     source     -1-2-3-4-|
  ///     sliding(3) -----x-y-|
  ///
  /// with x = [1, 2, 3] and y = [2, 3, 4].
  ///
  /// With a step that is longer than an array, the elements between two arrays are given up.
  ///
  /// **Demand.** Upstream is asked for what the next array lacks, for one array at a time. **Completion.** Delivers a
  /// shorter array when elements are left that have been in none. **Failure.** Discards these.
  ///
  /// - Parameters:
  ///   - count: the number of elements in an array, at least 1; anything else traps.
  ///   - step: how many elements further an array begins, at least 1; anything else traps.
  @inlinable
  public func sliding(_ count: Int, step: Int = 1) -> Flow<[Element]> {
    precondition(count > 0, "sliding(\(count)): an array needs at least one element")
    precondition(step > 0, "sliding(step: \(step)): an array begins at least one element further")
    return Flow<[Element]> { context in
      var upstream = Upstream(self, in: context)
      // The end of the array before, which the next one begins with; what has been in no array.
      var overlap: [Element] = []
      let new = Held<Element>(context)
      // How many elements stand between the two arrays.
      var gap = 0
      var ending = Poll.pending
      func makeArray() -> [Element] {
        let array = overlap + new.take(new.count)
        overlap = Array(array.dropFirst(step))
        gap = Swift.max(0, step - count)
        return array
      }
      return { room in
        for _ in 0..<Poll.patience {
          let asked = room.isFull ? 0 : gap + count - overlap.count - new.count
          if !ending.isTerminal { ending = new.fill(atMost: asked, from: { upstream.poll(&$0) }) }
          while gap > 0, let element = new.next() {
            context.discard(element, .policy)
            gap -= 1
          }
          if !room.isFull, overlap.count + new.count == count { room.append(makeArray()) }
          switch ending {
          case .failed: return ending
          case .finished:
            if new.isEmpty { return .finished }
            if room.isFull { return .more }
            room.append(makeArray())
            return .finished
          case .pending: return room.isFull ? .more : .pending
          case .more: if asked == 0 { return .more }
          }
        }
        return .more
      }
    }
  }
}
