// A result that is waited for.

/// A place for one result, settled once, from any thread; with those who wait for it, and with what it needs to come
/// about, which is let go when it has.
final class Pledge<Value: Sendable>: @unchecked Sendable {
  private let lock = Lock()
  // All guarded by `lock`.
  private var outcome: Result<Value, any Error>?
  private var waiting: [UInt64: @Sendable () -> Void] = [:]
  private var lastWaiting: UInt64 = 0
  private var keeps: (any AnyObject & Sendable)?
  private var isKept = false

  /// The result, when it is there.
  var result: Result<Value, any Error>? { lock(self) { outcome } }

  /// Settles the result; the first one counts. Whoever waits is called, under no lock, in the order of arrival.
  func settle(_ result: Result<Value, any Error>) {
    let (called, dropped) = lock(self) { () -> ([@Sendable () -> Void], AnyObject?) in
      if outcome != nil { return ([], nil) }
      outcome = result
      defer {
        waiting = [:]
        keeps = nil
      }
      return (waiting.sorted { $0.key < $1.key }.map(\.value), keeps)
    }
    // Let go before anybody is told, and under no lock.
    withExtendedLifetime(dropped) {}
    for call in called { call() }
  }

  /// Keeps `object` alive until the result is settled.
  func keep(_ object: any AnyObject & Sendable) {
    lock(self) { if outcome == nil { keeps = object } }
  }

  /// Nobody lets go of it any more but the result itself.
  var isDetached: Bool {
    get { lock(self) { isKept } }
    set { lock(self) { isKept = newValue } }
  }

  /// Calls `action` once, when the result is settled: at once, when it is. The answer is for ``forget(_:)``.
  @discardableResult
  func whenSettled(_ action: @escaping @Sendable (Result<Value, any Error>) -> Void) -> UInt64 {
    let id = lock(self) { nextWaiting() }
    wait(id) { [self] in if let result { action(result) } }
    return id
  }

  /// Forgets an action that was not called yet.
  func forget(_ id: UInt64) {
    let forgotten = lock(self) { waiting.removeValue(forKey: id) }
    withExtendedLifetime(forgotten) {}
  }

  /// Waits for the result; `nil` when the task that waits is cancelled.
  func wait(isolation: isolated (any Actor)?) async -> Result<Value, any Error>? {
    if let result { return result }
    let id = lock(self) { nextWaiting() }
    await withTaskCancellationHandler {
      await Continuation.suspend(isolation: isolation) { continuation in
        wait(id) { continuation.resume() }
        // A cancellation that came before there was anybody to stop waiting.
        if Task.isCancelled { stopWaiting(id) }
      }
    } onCancel: {
      stopWaiting(id)
    }
    return result
  }

  private func wait(_ id: UInt64, _ action: @escaping @Sendable () -> Void) {
    let isSettled = lock(self) {
      if outcome == nil { waiting[id] = action }
      return outcome != nil
    }
    if isSettled { action() }
  }

  private func stopWaiting(_ id: UInt64) { lock(self) { waiting.removeValue(forKey: id) }?() }

  private func nextWaiting() -> UInt64 {
    lastWaiting += 1
    return lastWaiting
  }
}
