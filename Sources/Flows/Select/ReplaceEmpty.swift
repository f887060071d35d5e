// Something instead of nothing.

extension Flow {
  /// Delivers `element` when the flow completes without one.
  ///
  ///     source              ---|
  ///     replaceEmpty(with)  ---(a|)
  @inlinable
  public func replaceEmpty(with element: Element) -> Flow {
    Flow { context in
      let upstream = start(in: context)
      var isEmpty = true
      var isOver = false
      return { room in
        let start = room.count
        if !isOver {
          let poll = upstream(&room)
          if room.count > start { isEmpty = false }
          guard isEmpty, case .finished = poll else { return poll }
          isOver = true
        }
        if room.isFull { return .more }
        room.append(element)
        return .finished
      }
    }
  }
}
