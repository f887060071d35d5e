// Looks on.

extension Flow {
  /// Calls back for what passes here, and changes nothing.
  ///
  ///     source        -a-b-|
  ///     handleEvents  -a-b-|
  ///
  /// **Demand.** `receiveRequest` hears what is asked for on top of what is outstanding. As much as one poll can
  /// carry passes for unlimited. **Failure.** An error thrown by a callback cancels upstream and fails the flow.
  /// **Cancellation.** `receiveCancel` is called when the run ends before the flow has, be it because a stage
  /// downstream had enough or has failed.
  ///
  /// - Parameters:
  ///   - receiveSubscription: a run begins; upstream has not been started.
  ///   - receiveOutput: an element passes.
  ///   - receiveCompletion: the flow ends, and is not over yet.
  ///   - receiveCancel: nobody wants any more. Any thread.
  ///   - receiveRequest: more is asked for.
  ///   - onEnd: the run is over in one of these ways, and what it held is let go. Called exactly once per run. Any
  ///     thread.
  @inlinable
  public func handleEvents(
    receiveSubscription: (@Sendable () throws -> Void)? = nil,
    receiveOutput: (@Sendable (Element) throws -> Void)? = nil,
    receiveCompletion: (@Sendable (FlowEnd) throws -> Void)? = nil,
    receiveCancel: (@Sendable () -> Void)? = nil,
    receiveRequest: (@Sendable (FlowDemand) throws -> Void)? = nil,
    onEnd: (@Sendable (FlowExit) -> Void)? = nil
  ) -> Flow {
    Flow { context in
      do { try receiveSubscription?() } catch { return { _ in .failed(error) } }
      let watch = context.watchEnd { exit in
        if case .cancelled = exit { receiveCancel?() }
        onEnd?(exit)
      }
      let upstream = start(in: context)
      var requests = RequestMeter()
      return { room in
        let start = room.count
        do {
          if let more = requests.lend(room) { try receiveRequest?(more) }
          let poll = upstream(&room)
          requests.deliver(room.count - start)
          if let receiveOutput {
            try room.keep(from: start) { element in
              try receiveOutput(element)
              return true
            } discard: {
              context.discard($0)
            }
          }
          switch poll {
          case .more, .pending: return poll
          case .finished: try receiveCompletion?(.finished)
          case .failed(let error): try receiveCompletion?(.failed(error))
          }
          watch.note(poll)
          return poll
        } catch {
          watch.note(.failed(error))
          return .failed(error)
        }
      }
    }
  }

  /// Calls back for each element. See ``handleEvents(receiveSubscription:receiveOutput:receiveCompletion:receiveCancel:receiveRequest:onEnd:)``.
  ///
  ///     source   -a-b-|
  ///     onValue  -a-b-|
  ///
  /// **Failure.** An error thrown by `action` cancels upstream and fails the flow.
  @inlinable @inline(__always)
  public func onValue(_ action: @escaping @Sendable (Element) throws -> Void) -> Flow {
    edit { room, start, discard in
      try room.keep(from: start) { element in
        try action(element)
        return true
      } discard: {
        discard($0)
      }
    }
  }

  /// Calls back when the flow fails. See ``handleEvents(receiveSubscription:receiveOutput:receiveCompletion:receiveCancel:receiveRequest:onEnd:)``.
  ///
  ///     source   -a-b-#
  ///     onError  -a-b-#
  ///
  /// **Failure.** An error thrown by `action` takes the place of the one it was given.
  @inlinable
  public func onError(_ action: @escaping @Sendable (any Error) throws -> Void) -> Flow {
    mapError { error in
      try action(error)
      return error
    }
  }

  /// Calls back when the flow completes, before it is over.
  ///
  ///     source        -a-b-|
  ///     onCompletion  -a-b-|
  ///
  /// **Failure.** An error thrown by `action` fails the flow.
  @inlinable
  public func onCompletion(_ action: @escaping @Sendable () throws -> Void) -> Flow {
    handleEvents(receiveCompletion: { end in if case .finished = end { try action() } })
  }

  /// Calls back when the run ends before the flow has, be it because a stage downstream had enough or has failed. Any
  /// thread.
  ///
  ///     source    -a-(b!)
  ///     onCancel  -a-(b!)
  @inlinable
  public func onCancel(_ action: @escaping @Sendable () -> Void) -> Flow {
    handleEvents(receiveCancel: action)
  }

  /// Calls back for what is asked for on top of what is outstanding. As much as one poll can carry passes for unlimited.
  ///
  ///     source     -a-b-|
  ///     onRequest  -a-b-|
  ///
  /// **Failure.** An error thrown by `action` cancels upstream and fails the flow.
  @inlinable
  public func onRequest(_ action: @escaping @Sendable (FlowDemand) throws -> Void) -> Flow {
    handleEvents(receiveRequest: action)
  }

  /// Calls back when the run is over, however that came about. Called exactly once per run, from any thread.
  ///
  ///     source   -a-b-|
  ///     finally  -a-b-|
  @inlinable
  public func finally(_ action: @escaping @Sendable (FlowExit) -> Void) -> Flow {
    handleEvents(onEnd: action)
  }
}
