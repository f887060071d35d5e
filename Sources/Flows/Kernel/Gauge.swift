// How full the buffers of a run are, for whoever draws it.

/// Hears of the buffers upstream of a place: which of them, how many elements wait in it, and how many may.
final class Gauges: Sendable {
  typealias Hearing = @Sendable (_ buffer: Int, _ waiting: Int, _ capacity: Int) -> Void
  private let hear: Hearing
  private let count = Guarded(0)

  init(_ hear: @escaping Hearing) { self.hear = hear }

  /// What a new buffer says how full it is. Any thread.
  func add(capacity: Int) -> @Sendable (Int) -> Void {
    let buffer = count.change { count in
      count += 1
      return count - 1
    }
    return { [hear] waiting in hear(buffer, waiting, capacity) }
  }
}

/// What a stage with a buffer remembers of it for its gauge.
@usableFromInline
struct Gauge {
  private let hear: @Sendable (Int) -> Void
  private var last = 0

  fileprivate init(_ hear: @escaping @Sendable (Int) -> Void) { self.hear = hear }

  /// So many wait.
  @usableFromInline
  mutating func set(_ waiting: Int) {
    if waiting == last { return }
    last = waiting
    hear(waiting)
  }
}

extension FlowContext {
  /// The gauge of a buffer, when somebody draws the run.
  @usableFromInline
  func gauge(capacity: Int) -> Gauge? { environment.gauges.map { Gauge($0.add(capacity: capacity)) } }
}

/// A mailbox that says how full it is.
struct GaugedMailbox<Element: Sendable>: Asked {
  let mailbox: Mailbox<Element>
  let hear: @Sendable (Int) -> Void

  func space() -> Int { mailbox.space() }
  func send(draining batch: inout Chunk<Element>) -> Int {
    defer { hear(mailbox.waiting) }
    return mailbox.send(draining: &batch)
  }
  func finish(_ how: Poll) -> Bool { mailbox.finish(how) }

  func stage(_ stage: @escaping Flow<Element>.Stage) -> Flow<Element>.Stage {
    { room in
      let poll = stage(&room)
      hear(mailbox.waiting)
      return poll
    }
  }
}

extension Mailbox {
  var waiting: Int { lock(self) { queue.count } }
}
