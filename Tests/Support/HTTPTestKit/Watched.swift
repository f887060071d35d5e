// A state that a test can wait for: no sleeping, no guessing.
import Flows

/// A value that threads change, and that tests wait to become what they expect.
// Everything is guarded by the lock.
public final class Watched<Value: Sendable>: @unchecked Sendable {
  private struct Waiter {
    let id: Int
    let isMet: @Sendable (Value) -> Bool
    let continuation: Continuation
  }

  private let lock = Lock()
  private var state: Value
  private var waiters: [Waiter] = []
  private var nextID = 0

  public init(_ value: Value) { state = value }

  public var value: Value { lock(self) { state } }

  public func change(_ body: (inout Value) -> Void) {
    let met = lock(self) {
      body(&state)
      let met = waiters.filter { $0.isMet(state) }
      waiters.removeAll { waiter in met.contains { $0.id == waiter.id } }
      return met
    }
    for waiter in met { waiter.continuation.resume() }
  }

  /// Waits until the value is as expected.
  /// - Throws: `CancellationError` when the test has run out of time.
  @discardableResult
  public func until(_ isMet: @escaping @Sendable (Value) -> Bool) async throws -> Value {
    let id = lock(self) {
      nextID += 1
      return nextID
    }
    await withTaskCancellationHandler {
      await Continuation.suspend(isolation: nil) { continuation in
        let mustWait = lock(self) {
          if isMet(state) || Task.isCancelled { return false }
          waiters.append(Waiter(id: id, isMet: isMet, continuation: continuation))
          return true
        }
        if !mustWait { continuation.resume() }
      }
    } onCancel: {
      let waiter = lock(self) {
        let waiter = waiters.first { $0.id == id }
        waiters.removeAll { $0.id == id }
        return waiter
      }
      waiter?.continuation.resume()
    }
    try Task.checkCancellation()
    return value
  }
}

extension Watched where Value: Equatable {
  /// Blocks the calling thread until the value is another one. For threads of servers only.
  public func wait(whileEqual value: Value) {
    let changed = Gate()
    Task {
      _ = try? await until { $0 != value }
      changed.open()
    }
    changed.wait()
  }
}

/// What a server's thread waits at until a test lets it go on.
// The state is guarded by the lock.
public final class Gate: @unchecked Sendable {
  private let lock = Lock()
  private var isOpen = false
  private var waiting: [ThreadSignal] = []

  public init() {}

  public func open() {
    let waiting = lock(self) {
      isOpen = true
      return self.waiting
    }
    for signal in waiting { signal.signal() }
  }

  /// Blocks the calling thread until the gate is open. For threads of servers only.
  public func wait() {
    let signal = ThreadSignal()
    let mustWait = lock(self) {
      if !isOpen { waiting.append(signal) }
      return !isOpen
    }
    if mustWait { signal.wait() }
  }

  deinit { open() }
}
