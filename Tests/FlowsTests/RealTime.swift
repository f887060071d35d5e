// What tests of real time need.
@testable import Flows

/// Keeps the calling thread busy.
func spin(nanoseconds: Int64) {
  let end = Platform.now() + nanoseconds
  while Platform.now() < end {}
}

extension SystemScheduler {
  /// Waits until all is done that was begun before.
  func drain() {
    let done = ThreadSignal()
    execute { done.signal() }
    done.wait()
  }
}
