// Small parts of virtual time that are shared between its driver and a task.
import Flows

/// A task that sleeps until an instant, or until it is cancelled; whichever comes first wakes it.
// Guarded by the lock, but for `isAwake`, which the lock of the time guards.
final class Sleeper: @unchecked Sendable {
  private let lock = Lock()
  private var continuation: UnsafeContinuation<Void, any Error>?  // guarded by `lock`
  private var isOver = false
  private var failure: (any Error)?
  /// The time it belongs to must not file it any more. Guarded by the lock of that time.
  var isAwake = false

  /// False when it was woken before it slept; it has been resumed then.
  func fallAsleep(_ continuation: UnsafeContinuation<Void, any Error>) -> Bool {
    let (isOver, failure) = lock(self) {
      if !self.isOver { self.continuation = continuation }
      return (self.isOver, self.failure)
    }
    if isOver { resume(continuation, failure) }
    return !isOver
  }

  func wake(throwing failure: (any Error)? = nil) {
    let continuation = lock(self) { () -> UnsafeContinuation<Void, any Error>? in
      if isOver { return nil }
      isOver = true
      self.failure = failure
      defer { self.continuation = nil }
      return self.continuation
    }
    if let continuation { resume(continuation, failure) }
  }

  private func resume(_ continuation: UnsafeContinuation<Void, any Error>, _ failure: (any Error)?) {
    if let failure { continuation.resume(throwing: failure) } else { continuation.resume() }
  }
}

/// A place for the result of a task.
// Guarded by the lock.
final class Outcome<R: Sendable>: @unchecked Sendable {
  private let lock = Lock()
  private var result: Result<R, any Error>?  // guarded by `lock`

  func set(_ result: Result<R, any Error>) { lock(self) { self.result = result } }
  var value: Result<R, any Error>? { lock(self) { result } }
}
