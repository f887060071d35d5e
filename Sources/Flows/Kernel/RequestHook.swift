// A callback that is registered after the thing that calls it was made.

/// Holds the action of `FlowEmitter.onRequest`.
final class RequestHook: @unchecked Sendable {
  private let lock = Lock()
  private var action: (@Sendable () -> Void)?  // guarded by `lock`

  func set(_ action: @escaping @Sendable () -> Void) { lock(self) { self.action = action } }

  func call() {
    let action = lock(self) { self.action }
    action?()
  }
}
