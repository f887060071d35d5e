// A value that several threads change, one at a time.

/// What a stage and the end of its run both write, when that may come from another thread. Nothing foreign is
/// called in `change`.
package final class Guarded<Value>: @unchecked Sendable {
  private let lock = Lock()
  private var value: Value  // guarded by `lock`

  package init(_ value: Value) { self.value = value }

  package func change<R>(_ change: (inout Value) -> R) -> R { lock(self) { change(&value) } }
}
