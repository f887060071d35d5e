// What a source of a test has seen of its consumers.
import Flows

/// The diary of one source: every subscription, every request, every end. Shared by all runs of the source.
// What changes is guarded by the lock.
final class SourceLog: @unchecked Sendable {
  enum Note: Equatable {
    case subscribed
    /// More room than before; `.max` when it became unlimited.
    case asked(Int)
    case cancelled
  }

  let name: String
  struct Counts {
    var subscriptions = 0
    var active = 0
    var cancellations = 0
    /// Stages that are alive: an operator that has let go of its source holds none.
    var stages = 0
    /// All that was ever asked for.
    var total = 0
    var sent = 0
  }

  /// Told of the room of every poll.
  let watch: @Sendable (Int) -> Void
  private let lock = Lock()
  // All guarded by `lock`.
  private var entries: [(instant: FlowInstant, note: Note)] = []
  private var breaches: [String] = []
  private var counts = Counts()
  /// Room lent and not filled, by run.
  private var lent: [Int: Int] = [:]
  private var isWitness = false

  init(_ name: String, watch: @escaping @Sendable (Int) -> Void = { _ in }) {
    self.name = name
    self.watch = watch
  }

  var now: Counts { lock(self) { counts } }
  var notes: [(instant: FlowInstant, note: Note)] { lock(self) { entries } }
  /// What consumers did that the contract forbids.
  var violations: [String] { lock(self) { breaches } }
  /// Room lent and not filled, over all live runs.
  var outstanding: Int { lock(self) { lent.values.reduce(0) { $0.addingRoom($1) } } }

  // MARK: Writing

  func subscribed(at instant: FlowInstant) -> Int {
    lock(self) {
      counts.subscriptions += 1
      counts.active += 1
      entries.append((instant, .subscribed))
      return counts.subscriptions
    }
  }

  func asked(_ count: Int, run: Int, at instant: FlowInstant) {
    lock(self) {
      counts.total = counts.total.addingRoom(count)
      lent[run] = lent[run, default: 0].addingRoom(count)
      entries.append((instant, .asked(count)))
    }
  }

  func delivered(_ count: Int, run: Int, outstanding: Int) {
    lock(self) {
      counts.sent += count
      lent[run] = outstanding
    }
  }

  func ended(run: Int, wasCancelled: Bool, at instant: FlowInstant) {
    lock(self) {
      counts.active -= 1
      lent[run] = nil
      guard wasCancelled else { return }
      counts.cancellations += 1
      entries.append((instant, .cancelled))
    }
  }

  func stage(_ change: Int) { lock(self) { counts.stages += change } }

  func violation(_ text: String) { lock(self) { breaches.append("\(name): \(text)") } }

  /// Speaks up when a flow is stuck in a virtual time.
  func bearWitness(to scheduler: any FlowScheduler) {
    guard let time = scheduler as? VirtualTime else { return }
    let isFirst = lock(self) {
      defer { isWitness = true }
      return !isWitness
    }
    if isFirst { time.addWitness { [weak self] in self?.testimony } }
  }

  private var testimony: String? {
    let counts = now
    guard counts.active > 0 else { return nil }
    let asked = outstanding
    let more = asked == .max ? "any number of" : "\(asked)"
    return "\(name): active, \(counts.sent) elements sent, asked for \(more) more"
  }
}

extension Int {
  /// Sums of room saturate: `.max` is unlimited.
  func addingRoom(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
