// Something between the elements.

extension Flow {
  /// Delivers `separator` between the elements, or between groups of so many of them.
  ///
  ///     source           -a-b----c---|
  ///     interspersed(x)  -a-(xb)-(xc)|
  ///
  /// A separator comes with the element behind it: there is none before the first and none after the last.
  ///
  /// **Demand.** Separators take their part of it. The element behind a separator that was the last asked for is
  /// held, at most one.
  ///
  /// - Parameters:
  ///   - separator: what stands between.
  ///   - count: how many elements stand together, more than zero; anything else traps.
  @inlinable
  public func interspersed(with separator: Element, every count: Int = 1) -> Flow {
    precondition(count > 0, "interspersed(every: \(count)): at least one element stands between separators")
    return Flow { context in
      let upstream = start(in: context)
      let held = Held<Element>(context)
      // How many more elements come before a separator is due.
      var left = count
      var ending: Poll?
      return { room in
        held.drain(into: &room)
        if let ending { return held.isEmpty ? ending : .more }
        // Behind a held element there is no room.
        let poll = Chunk<Element>.scratch(
          held.isEmpty ? Self.elements(in: room.room, before: left, count) : 0
        ) { input in
          let poll = upstream(&input)
          while let element = input.next() {
            if left == 0 {
              room.append(separator)
              left = count
            }
            left &-= 1
            if room.isFull { held.append(element) } else { room.append(element) }
          }
          return poll
        }
        if held.isEmpty { return poll }
        if poll.isTerminal { ending = poll }
        return .more
      }
    }
  }

  /// How many elements fill `room` with the separators between them; the last may be left over by one.
  @inlinable
  static func elements(in room: Int, before left: Int, _ count: Int) -> Int {
    var (room, left, elements) = (room, left, 0)
    while room > 0 {
      if left == 0 {
        room &-= 1
        left = count
      }
      room &-= 1
      left &-= 1
      elements &+= 1
      if elements == Chunk<Element>.capacity { break }
    }
    return elements
  }
}
