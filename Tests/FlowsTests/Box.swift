// A value that closures of a test share.
import Synchronization

final class Box<Value: Sendable>: Sendable {
  private let mutex: Mutex<Value>

  init(_ value: Value) { mutex = Mutex(value) }

  var value: Value {
    get { mutex.withLock { $0 } }
    set { mutex.withLock { $0 = newValue } }
  }

  func change<R: Sendable>(_ change: (inout Value) -> R) -> R { mutex.withLock { change(&$0) } }
}
