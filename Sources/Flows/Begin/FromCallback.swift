// One element from a callback.

extension Flow {
  /// Delivers what `begin` calls back with, and completes.
  ///
  ///     answer        ---a|
  ///     fromCallback  ---(a|)
  ///
  /// ```swift
  /// let page = Flow<Page>.fromCallback { completion in
  ///   let request = client.load(url) { completion($0) }
  ///   return { request.cancel() }
  /// }
  /// ```
  ///
  /// Each run calls `begin` anew. **Demand.** With the first request, not with the run: nothing is spent on what nobody
  /// asks for. **Failure.** What it calls back with, or throws. **Cancellation.** Calls what `begin` returned, unless it
  /// has called back; what comes after that is discarded. Only the first call counts. Any thread.
  ///
  /// - Parameter begin: begins the work, and answers how to end it.
  public static func fromCallback(
    _ begin:
      @escaping @Sendable (
        _ completion: @escaping @Sendable (Result<Element, any Error>) -> Void
      ) throws -> @Sendable () -> Void
  ) -> Flow {
    Flow { context in
      let answer = Mailbox<Element>(capacity: 1)
      let stage = answer.read(in: context)
      // Whoever keeps the callback keeps nothing of the run.
      let environment = context.environment
      var watch: EndWatch?
      return { room in
        if watch == nil, !room.isFull {
          do {
            let cancel = try begin { result in
              switch result {
              case .success(let element):
                if !answer.finish(with: element) { environment.discard(element) }
              case .failure(let error):
                if !answer.finish(.failed(error)) { Stray.hand(error, to: environment.discardHook) }
              }
            }
            watch = context.watchEnd { exit in if case .cancelled = exit { cancel() } }
          } catch { return .failed(error) }
        }
        let poll = stage(&room)
        watch?.note(poll)
        return poll
      }
    }
  }
}
