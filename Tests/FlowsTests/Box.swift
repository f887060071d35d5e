// A value that closures of a test share.
import Flows

/// Guarded by the lock of the package: the hand-over of the runtime's mutex is not seen by ThreadSanitizer.
final class Box<Value: Sendable>: @unchecked Sendable {
  private let lock = Lock()
  private var content: Value  // guarded by `lock`

  init(_ value: Value) { content = value }

  var value: Value {
    get { lock(self) { content } }
    set {
      let old = lock(self) {
        defer { content = newValue }
        return content
      }
      // Destroyed here, under no lock.
      withExtendedLifetime(old) {}
    }
  }

  func change<R: Sendable>(_ change: (inout Value) -> R) -> R { lock(self) { change(&content) } }
}
