// How often something happened.
import Synchronization

/// Counts, from any thread.
final class Counter: Sendable {
  private let value = Atomic<Int>(0)
  var count: Int { value.load(ordering: .acquiring) }
  func add(_ difference: Int = 1) { value.wrappingAdd(difference, ordering: .acquiringAndReleasing) }
}
