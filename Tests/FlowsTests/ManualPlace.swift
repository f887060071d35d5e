// A place whose work is done when a test says so.
import Flows

/// Keeps what it is handed until ``run()``.
final class ManualPlace: FlowScheduler {
  private let work = Box<[@Sendable () -> Void]>([])
  private let inside = Box(false)
  private let turns = Box(0)

  var now: FlowInstant { FlowInstant(nanoseconds: 0) }
  func schedule(at instant: FlowInstant, _ action: @escaping @Sendable () -> Void) -> FlowTimer {
    FlowTimer(id: 0)
  }
  func cancel(_ timer: FlowTimer) -> Bool { false }
  func execute(_ work: @escaping @Sendable () -> Void) { self.work.value.append(work) }

  /// The caller is called by this place.
  var isCurrent: Bool { inside.value }

  /// How many pieces of work it was handed and has done.
  var count: Int { turns.value }

  /// Does what there is to do.
  func run() {
    inside.value = true
    defer { inside.value = false }
    while let next = work.change({ $0.isEmpty ? nil : $0.removeFirst() }) {
      turns.value += 1
      next()
    }
  }
}
