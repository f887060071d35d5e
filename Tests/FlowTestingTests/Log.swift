// What tests write down.
import Flows
import Synchronization

/// Lines in the order in which they were written, from any thread.
final class Log: Sendable {
  private let written = Mutex<[String]>([])
  var lines: [String] { written.withLock { $0 } }
  func note(_ line: String) { written.withLock { $0.append(line) } }
}

/// Set once.
final class Flag: Sendable {
  private let value = Atomic<Bool>(false)
  var isSet: Bool { value.load(ordering: .acquiring) }
  func set() { value.store(true, ordering: .releasing) }
}

extension FlowInstant {
  static func milliseconds(_ count: Int64) -> FlowInstant { FlowInstant(nanoseconds: count * 1_000_000) }
  var milliseconds: Int64 { nanoseconds / 1_000_000 }
}
