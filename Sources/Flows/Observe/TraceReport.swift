// Traces of a pipeline, for one page.

/// Collects the runs that ``Flow/trace(_:into:)`` writes, and draws them on one page that can be read in a browser.
///
/// ```swift
/// let report = TraceReport()
/// try await pipeline(tracedInto: report).drain()
/// try report.html(title: "Answer").write(toFile: "trace.html", atomically: true, encoding: .utf8)
/// ```
///
/// Each run has a lane on a common axis of time: elements, how many are asked for, how full the buffers upstream are,
/// the times in which nothing was asked for, and the end. Any thread. What it keeps is bounded: of a long run the
/// newest events, of many runs the newest, and of an element the beginning of its description.
///
/// **Time.** That of the runs, which must be the same for all of them: what another scheduler counts stands elsewhere.
public final class TraceReport: Sendable {
  private struct State {
    var runs: [Guarded<TracedRun>] = []
    var forgotten = 0
    var begin: FlowInstant?
  }

  private let state = Guarded(State())
  private let limit: Int
  private let events: Int

  /// - Parameters:
  ///   - runs: how many runs are kept, at least 1; anything else traps.
  ///   - events: how many events of each, at least 1; anything else traps.
  public init(runs: Int = 100, eventsPerRun events: Int = 10_000) {
    precondition(runs > 0, "TraceReport(runs: \(runs)): at least one must be kept")
    precondition(events > 0, "TraceReport(eventsPerRun: \(events)): at least one must be kept")
    limit = runs
    self.events = events
  }

  /// The number of runs that are kept.
  public var count: Int { state.change { $0.runs.count } }

  /// A new run, for whoever sees it.
  func begin(_ name: String, at instant: FlowInstant) -> Guarded<TracedRun> {
    let run = Guarded(TracedRun(name, at: instant, keeping: events))
    state.change { state in
      state.begin = state.begin ?? instant
      if state.runs.count == limit {
        state.runs.removeFirst()
        state.forgotten += 1
      }
      state.runs.append(run)
    }
    return run
  }

  /// The runs as they are, how many are not kept any more, and when the first began.
  var contents: (runs: [TracedRun], forgotten: Int, begin: FlowInstant) {
    let (runs, forgotten, begin) = state.change { ($0.runs, $0.forgotten, $0.begin) }
    return (runs.map { $0.change { $0 } }, forgotten, begin ?? FlowInstant(nanoseconds: 0))
  }
}

/// What is known of one run. Time comes in as an argument.
struct TracedRun: Sendable {
  enum Event: Sendable, Equatable {
    case element(String)
    case request(FlowDemand)
    /// So many wait in a buffer.
    case fill(buffer: Int, waiting: Int, capacity: Int)
    case end(String, error: String?)
  }

  struct Entry: Sendable, Equatable {
    let instant: FlowInstant
    let event: Event
    /// What is asked for after it, and has not come.
    let outstanding: FlowDemand
  }

  let name: String
  let begin: FlowInstant
  /// The newest events; the oldest is at `first`.
  private var ring: [Entry] = []
  private var first = 0
  private let limit: Int
  /// How many are not kept any more.
  private(set) var omitted = 0
  /// How many elements passed.
  private(set) var count = 0
  private(set) var outstanding = FlowDemand.none

  init(_ name: String, at begin: FlowInstant, keeping limit: Int) {
    self.name = name
    self.begin = begin
    self.limit = limit
  }

  /// Oldest first.
  var entries: [Entry] { Array(ring[first...] + ring[..<first]) }

  mutating func deliver(_ description: String, at instant: FlowInstant) {
    count += 1
    if outstanding != .unlimited { outstanding = FlowDemand(max(0, outstanding.count - 1)) }
    add(.element(Self.cut(description)), instant)
  }

  mutating func ask(_ more: FlowDemand, at instant: FlowInstant) {
    let (sum, overflow) = outstanding.count.addingReportingOverflow(more.count)
    outstanding = overflow ? .unlimited : FlowDemand(sum)
    add(.request(more), instant)
  }

  mutating func fill(_ buffer: Int, _ waiting: Int, of capacity: Int, at instant: FlowInstant) {
    add(.fill(buffer: buffer, waiting: waiting, capacity: capacity), instant)
  }

  mutating func end(_ exit: FlowExit, at instant: FlowInstant) {
    switch exit {
    case .finished: add(.end("finished", error: nil), instant)
    case .failed(let error): add(.end("failed", error: Self.cut("\(error)")), instant)
    case .cancelled: add(.end("cancelled", error: nil), instant)
    }
  }

  private mutating func add(_ event: Event, _ instant: FlowInstant) {
    let entry = Entry(instant: instant, event: event, outstanding: outstanding)
    if ring.count < limit { return ring.append(entry) }
    ring[first] = entry
    first = (first + 1) % limit
    omitted += 1
  }

  private static func cut(_ text: String) -> String {
    let beginning = text.prefix(200)
    return beginning.endIndex == text.endIndex ? text : beginning + "…"
  }
}
