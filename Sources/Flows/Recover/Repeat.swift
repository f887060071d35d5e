// Again after completion.

extension Flow {
  /// Runs the upstream `count` times, one run after another.
  ///
  ///     source     -a-b|
  ///     repeat(3)  -a-b-a-b-a-b|
  ///
  /// **Demand.** What was asked for and not delivered is asked of the next run; a run that nobody waits for is not
  /// begun before its turn. **Failure.** Ends everything.
  ///
  /// - Parameter count: how many times; zero completes at once, a negative number traps.
  @inlinable
  public func `repeat`(_ count: Int) -> Flow {
    precondition(count >= 0, "repeat(\(count)): a flow cannot run less than zero times")
    return count == 0 ? .empty() : repeated { $0 < count }
  }

  /// Runs the upstream, and again as long as `condition` holds when it completes.
  ///
  ///     source                  -a-b|
  ///     repeat(while: isShort)  -a-b-a-b|
  ///
  /// **Demand.** As for ``repeat(_:)``. **Failure.** An error thrown by `condition` fails the flow.
  @inlinable
  public func `repeat`(while condition: @escaping @Sendable () throws -> Bool) -> Flow {
    repeated { _ in try condition() }
  }

  /// Runs the upstream, and again while `goesOn` says so of the number of runs that are complete.
  @inlinable
  func repeated(_ goesOn: @escaping @Sendable (Int) throws -> Bool) -> Flow {
    Flow { context in
      var upstream = Upstream(self, in: context)
      var runs = 0
      return { room in
        if !upstream.isLive { upstream.start(self) }
        var turns = 0
        while true {
          let poll = upstream.poll(&room)
          guard case .finished = poll else { return poll }
          runs &+= 1
          do {
            guard try goesOn(runs) else { return .finished }
          } catch { return .failed(error) }
          // Whoever has enough now will end this flow rather than poll it again.
          turns &+= 1
          if room.isFull || turns == 64 { return context.pollAgain() }
          upstream.start(self)
        }
      }
    }
  }
}
