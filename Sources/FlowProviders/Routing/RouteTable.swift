// What a router remembers of its candidates.
import Flows

/// The memory of a router, under no lock: who is busy, who is fast, whose turn it is. A copy can be asked what would be
/// chosen, and nothing has changed.
struct RouteTable {
  private struct Entry {
    var inFlight = 0
    /// In seconds, and when it was last seen.
    var average: Double?
    var seen = FlowInstant(nanoseconds: 0)
    /// What it is owed, by weight.
    var credit = 0
  }

  /// How much the newest time counts.
  private static let newest = 0.3
  /// After how many seconds an average counts half.
  private static let halfLife = 60.0

  private var entries: [Entry]
  /// The candidate whose turn it is.
  private var turn = 0

  init(count: Int) { entries = Array(repeating: Entry(), count: count) }

  func inFlight(_ index: Int) -> Int { entries[index].inFlight }

  func latency(_ index: Int) -> Duration? { entries[index].average.map { .seconds($0) } }

  /// The scores of those that can answer, the lowest of which is taken; and the turn passes on.
  mutating func take(_ strategy: SelectionStrategy, of able: [Int], weights: [Int], at now: FlowInstant)
    -> [Double]
  {
    switch strategy {
    case .roundRobin:
      let count = entries.count
      let scores = able.map { Double(($0 - turn + count) % count) }
      if let next = zip(scores, able).min(by: { $0.0 < $1.0 })?.1 { turn = (next + 1) % count }
      return scores
    case .weighted:
      for index in able { entries[index].credit += weights[index] }
      let scores = able.map { -Double(entries[$0].credit) }
      if let chosen = zip(scores, able).min(by: { ($0.0, $0.1) < ($1.0, $1.1) })?.1 {
        entries[chosen].credit -= able.reduce(0) { $0 + weights[$1] }
      }
      return scores
    case .leastBusy: return able.map { Double(entries[$0].inFlight) / Double(weights[$0]) }
    case .lowestLatency: return able.map { expected($0, among: able, at: now) }
    case .priority, .cheapest, .semantic, .custom: return able.indices.map(Double.init)
    }
  }

  /// How long a first token will take, as far as anybody can say.
  private func expected(_ index: Int, among able: [Int], at now: FlowInstant) -> Double {
    let entry = entries[index]
    guard let average = entry.average else {
      // Tried first, but by one request: the others do as if it were like the rest.
      if entry.inFlight == 0 { return 0 }
      let known = able.compactMap { entries[$0].average }
      return (known.isEmpty ? 1 : known.reduce(0, +) / Double(known.count)) * Double(1 + entry.inFlight)
    }
    let age = max(0, entry.seen.duration(to: now).seconds)
    return average / (1 + age / RouteTable.halfLife) * Double(1 + entry.inFlight)
  }

  mutating func begin(_ index: Int) { entries[index].inFlight += 1 }
  mutating func end(_ index: Int) { entries[index].inFlight -= 1 }

  mutating func note(_ index: Int, firstToken seconds: Double, at now: FlowInstant) {
    let average = entries[index].average
    entries[index].average = average.map { $0 + RouteTable.newest * (seconds - $0) } ?? seconds
    entries[index].seen = now
  }

  /// A failure counts as a time that is longer than what is usual: whoever fails fast is not fast.
  mutating func note(_ index: Int, failureAfter seconds: Double, at now: FlowInstant) {
    note(index, firstToken: max(1, seconds, 2 * (entries[index].average ?? 0)), at: now)
  }
}

/// The memory of a router, for all its runs.
// Everything is guarded by the lock.
final class RouteMemory: @unchecked Sendable {
  private let lock = Lock()
  private var table: RouteTable

  init(count: Int) { table = RouteTable(count: count) }

  /// The table as it is.
  var copy: RouteTable { lock(self) { table } }

  func change<R>(_ change: (inout RouteTable) -> R) -> R { lock(self) { change(&table) } }
}
