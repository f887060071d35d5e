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

  /// Delivers each element with the time since the one before; the first, since the run began.
  ///
  ///     source     -a--b-|
  ///     elapsed()  -x--y-|
  ///
  /// with x = (a, 1 ms) and y = (b, 3 ms).
  @inlinable
  public func elapsed() -> Flow<(element: Element, elapsed: Duration)> {
    intervals { (element: $0, elapsed: $1) }
  }

  /// Delivers, in place of each element, the time since the one before; for the first, since the run began.
  ///
  ///     source             -a--b-|
  ///     measureInterval()  -x--y-|
  ///
  /// with x = 1 ms and y = 3 ms.
  @inlinable
  public func measureInterval() -> Flow<Duration> { intervals { $1 } }

  @inlinable
  func intervals<Output>(_ make: @escaping @Sendable (Element, Duration) -> Output) -> Flow<Output> {
    Flow<Output> { context in
      let upstream = start(in: context)
      var last = context.now
      return { room in
        Chunk<Element>.scratch(room.room) { input in
          let poll = upstream(&input)
          if input.isEmpty { return poll }
          // What comes in one poll comes in one moment.
          let now = context.now
          var interval = last.duration(to: now)
          last = now
          room.append(draining: &input) { element in
            defer { interval = .zero }
            return make(element, interval)
          }
          return poll
        }
      }
    }
  }
}
