// One value, on its way.

/// A value that is being made, and that any number of consumers may wait for.
///
/// ```swift
/// let answer = Promise { try await client.send(request) }
/// answer.onComplete { print($0) }
/// let text = try await answer.map(\.text).value
/// ```
///
/// - **Start.** At once, when the promise is made; once, however many wait.
/// - **End.** With a value or an error, once. What the run owned has been let go by then. Who asks later is told at
///   once.
/// - **Cancellation.** ``cancel()`` ends it with `CancellationError`, and whoever waits is told. Cancelling a task
///   that waits ends only its wait.
/// - **Life.** Letting the last reference go cancels, unless the promise was told to ``detach()``. A task that waits
///   holds a reference; a callback does not. A promise made by ``map(_:)`` holds the one it was made from, as long
///   as it is not complete.
public final class Promise<Value: Sendable>: Sendable {
  private let pledge: Pledge<Value>

  private init(_ pledge: Pledge<Value>) { self.pledge = pledge }

  /// Starts `operation` in a task.
  public convenience init(_ operation: @escaping @Sendable () async throws -> Value) {
    self.init(.future(operation))
  }

  /// Runs `flow`, which must deliver exactly one element.
  fileprivate convenience init(_ flow: Flow<Value>) {
    let pledge = Pledge<Value>()
    self.init(pledge)
    // The run, the handle and the pledge hold each other until the result is there, or the promise is cancelled.
    let subscription = flow.onlyOne().subscribe(demand: 1) { element in
      pledge.settle(.success(element))
    } onEnd: { end in
      if case .failed(let error) = end { pledge.settle(.failure(error)) }
    }
    pledge.keep(subscription)
  }

  deinit { if !pledge.isDetached { cancel() } }

  /// The value, as soon as it is there.
  ///
  /// - Throws: the error that the promise ended with; ``FlowValueError`` when the flow had no element, or more than
  ///   one; `CancellationError` when the promise, or the task that waits, was cancelled.
  nonisolated(nonsending) public var value: Value {
    get async throws { try await result.get() }
  }

  /// The value or the error, as soon as it is there. `CancellationError` when the task that waits is cancelled.
  nonisolated(nonsending) public var result: Result<Value, any Error> {
    get async { await pledge.wait(isolation: #isolation) ?? .failure(CancellationError()) }
  }

  /// The value or the error; `nil` as long as there is none.
  public var current: Result<Value, any Error>? { pledge.result }

  /// Calls `action` once, with the value or the error: at once when the promise is complete, else from whoever
  /// completes it.
  public func onComplete(_ action: @escaping @Sendable (Result<Value, any Error>) -> Void) {
    pledge.whenSettled(action)
  }

  /// A promise of what `transform` makes of the value. It is called once, when the value is there; an error, also one
  /// that it throws, is the new promise's. Cancelling the new promise leaves this one alone.
  public func map<Output: Sendable>(
    _ transform: @escaping @Sendable (Value) throws -> Output
  ) -> Promise<Output> {
    let mapped = Pledge<Output>()
    let wait = pledge.whenSettled { result in
      if mapped.result != nil { return }
      mapped.settle(result.flatMap { value in Result { try transform(value) } })
    }
    mapped.keep(Origin(self) { [pledge] in pledge.forget(wait) })
    return Promise<Output>(mapped)
  }

  /// Ends the run, and the promise with `CancellationError`, unless it is complete. Any thread, any number of times.
  public func cancel() { pledge.settle(.failure(CancellationError())) }

  /// Lets the run live to its end without the promise: callbacks are told.
  public func detach() { pledge.isDetached = true }
}

extension Flow {
  /// Starts to run the flow, which must deliver exactly one element, and returns a promise of that.
  ///
  ///     source   ---a-|
  ///     promise  -----a
  ///
  /// **Demand.** One, and then one more, to see that there is none. With none or several elements the promise ends
  /// with ``FlowValueError``.
  public func promise() -> Promise<Element> { Promise(self) }
}

/// What a promise that was mapped from another one needs: that one. Let go, it calls nobody any more.
private final class Origin: Sendable {
  private let promise: any AnyObject & Sendable
  private let forget: @Sendable () -> Void

  init(_ promise: any AnyObject & Sendable, _ forget: @escaping @Sendable () -> Void) {
    self.promise = promise
    self.forget = forget
  }

  deinit { forget() }
}
