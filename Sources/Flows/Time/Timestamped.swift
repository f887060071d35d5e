// When elements came.

extension Flow {
  /// Delivers each element with the moment at which it came.
  ///
  ///     source         -a--b-|
  ///     timestamped()  -x--y-|
  ///
  /// with x = (a, at 1 ms) and y = (b, at 4 ms).
  @inlinable
  public func timestamped() -> Flow<(element: Element, instant: FlowInstant)> {
    Flow<(element: Element, instant: FlowInstant)> { context in
      let upstream = start(in: context)
      return { room in
        Chunk<Element>.scratch(room.room) { input in
          let poll = upstream(&input)
          if input.isEmpty { return poll }
          // What comes in one poll comes in one moment.
          let now = context.now
          room.append(draining: &input) { (element: $0, instant: now) }
          return poll
        }
      }
    }
  }

  /// Delivers, in place of each element, the time since the one before; for the first, since the run began.
  ///
  ///     source             -a--b-|
  ///     measureInterval()  -x--y-|
  ///
  /// with x = 1 ms and y = 3 ms.
  @inlinable
  public func measureInterval() -> Flow<Duration> {
    Flow<Duration> { context in
      let upstream = timestamped().start(in: context)
      var last = context.now
      return { room in
        Chunk<(element: Element, instant: FlowInstant)>.scratch(room.room) { input in
          let poll = upstream(&input)
          room.append(draining: &input) { stamp in
            defer { last = stamp.instant }
            return last.duration(to: stamp.instant)
          }
          return poll
        }
      }
    }
  }
}
