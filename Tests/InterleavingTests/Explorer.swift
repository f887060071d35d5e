// Runs two threads in every order in which their atomic operations and locks can come.
import Flows
import Foundation
import Testing

/// There is one seam, so one story is told at a time.
@Suite(.serialized) enum Interleavings {}

/// Which thread begins, and before which of their steps the running one is stopped for the other.
struct Schedule: CustomStringConvertible {
  var beginner: Int
  var preemptions: [Int]
  var description: String {
    "\(beginner == 0 ? "first" : "second") begins, stopped before steps \(preemptions)"
  }
}

/// What came of a story told in all orders.
struct Exploration {
  var schedules = 0
  /// What was wrong in the shortest of the schedules that went wrong, and its steps.
  var failure: String?
}

/// Two threads, one of which runs at a time.
///
/// All schedules with no stop come first, then those with one, and so on up to a bound: a mistake is found with the
/// fewest stops that it needs. Where a thread waits for a lock or has ended the other goes on, which is no stop.
///
/// Everything in it is touched by the thread whose turn it is; semaphores hand the turn over.
final class Explorer: SeamExplorer, @unchecked Sendable {
  private let lostMove: (UInt8, UInt8)?

  private let turns = [DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)]
  private let isOver = DispatchSemaphore(value: 0)
  private var threads: [pthread_t?] = [nil, nil]
  private var bodies: [() -> Void] = [{}, {}]
  private var isClosed = false

  private var schedule = Schedule(beginner: 0, preemptions: [])
  private var running = 0
  private var hasEnded = [false, false]
  /// Whether the thread could have been stopped before each step.
  private var steps: [Bool] = []
  private var story: [(thread: Int, what: Seam.Step)] = []
  private var waits = 0
  private var held = [0, 0]

  /// - Parameter lostMove: a change of a state that is believed to be made, and is not.
  init(lostMove: (UInt8, UInt8)? = nil) {
    self.lostMove = lostMove
    for place in 0...1 { Thread { self.work(at: place) }.start() }
  }

  /// Ends its threads.
  func close() {
    isClosed = true
    for turn in turns { turn.signal() }
  }

  // MARK: Telling a story

  /// Tells a story in all orders, up to `bound` stops.
  func explore<Scene>(
    upTo bound: Int, _ make: () -> Scene, _ first: @escaping (Scene) -> Void,
    _ second: @escaping (Scene) -> Void, check: (Scene) -> String?
  ) -> Exploration {
    var report = Exploration()
    var open = [0, 1].map { Schedule(beginner: $0, preemptions: []) }
    while !open.isEmpty {
      var longer: [Schedule] = []
      for schedule in open {
        let fault = tell(schedule, make, first, second, check)
        report.schedules += 1
        if let fault {
          report.failure = "\(fault)\n\(schedule) of\n\(told)"
          return report
        }
        if schedule.preemptions.count == bound { continue }
        let last = schedule.preemptions.last ?? 0
        precondition(last <= steps.count, "a story is not the same every time")
        for place in (last + 1)..<(steps.count + 1) where steps[place - 1] {
          longer.append(Schedule(beginner: schedule.beginner, preemptions: schedule.preemptions + [place]))
        }
      }
      open = longer
    }
    return report
  }

  private func tell<Scene>(
    _ schedule: Schedule, _ make: () -> Scene, _ first: @escaping (Scene) -> Void,
    _ second: @escaping (Scene) -> Void, _ check: (Scene) -> String?
  ) -> String? {
    self.schedule = schedule
    (steps, story, waits, held, hasEnded) = ([], [], 0, [0, 0], [false, false])
    let scene = make()
    bodies = [{ first(scene) }, { second(scene) }]
    running = schedule.beginner
    Seam.explorer = self
    turns[running].signal()
    isOver.wait()
    Seam.explorer = nil
    bodies = [{}, {}]
    return check(scene)
  }

  /// The steps of the last schedule, a line for each turn.
  private var told: String {
    var lines: [String] = []
    var last: Int?
    for step in story {
      if step.thread != last { lines.append(step.thread == 0 ? "  first: " : "  second:") }
      last = step.thread
      lines[lines.count - 1] += " \(step.what.rawValue)"
    }
    return lines.joined(separator: "\n")
  }

  // MARK: The threads

  private func work(at place: Int) {
    threads[place] = pthread_self()
    while true {
      turns[place].wait()
      if isClosed { return }
      perform(at: place)
      hasEnded[place] = true
      if hasEnded[1 - place] {
        isOver.signal()
      } else {
        running = 1 - place
        turns[running].signal()
      }
    }
  }

  /// What was captured is let go before the turn is handed over.
  private func perform(at place: Int) {
    let body = bodies[place]
    bodies[place] = {}
    body()
  }

  /// The present thread is one of the two, and it is its turn.
  private var isInside: Bool {
    threads[running].map { pthread_equal($0, pthread_self()) != 0 } ?? false
  }

  func step(_ what: Seam.Step) {
    guard isInside else { return }
    let canStop = !hasEnded[1 - running]
    steps.append(canStop)
    if steps.count > 100_000 { give("two threads go on for ever") }
    if canStop, schedule.preemptions.contains(steps.count) { yieldTurn() }
    story.append((running, what))
  }

  func wait() {
    guard isInside else { return }
    waits += 1
    if hasEnded[1 - running] || waits > 1_000 { give("two threads wait for each other") }
    yieldTurn()
  }

  private func yieldTurn() {
    let here = running
    running = 1 - here
    turns[running].signal()
    turns[here].wait()
  }

  /// Nothing can be unwound: the test ends here.
  private func give(_ fault: String) -> Never { fatalError("\(fault)\n\(schedule) of\n\(told)") }

  func hold(_ change: Int) { if isInside { held[running] += change } }

  /// The present thread holds a lock.
  var holdsLock: Bool { isInside && held[running] > 0 }

  func loses(from old: Any, to new: Any) -> Bool {
    guard let lostMove, isInside, let old = old as? UInt8, let new = new as? UInt8 else { return false }
    return (old, new) == lostMove
  }
}

/// Tells a story in all orders, and expects it to end well in each.
func expectAll<Scene>(
  upTo bound: Int = 2, _ make: () -> Scene, _ first: @escaping (Scene) -> Void,
  _ second: @escaping (Scene) -> Void, sourceLocation: SourceLocation = #_sourceLocation,
  check: (Scene) -> String?
) {
  let explorer = Explorer()
  defer { explorer.close() }
  let report = explorer.explore(upTo: bound, make, first, second, check: check)
  if let failure = report.failure { Issue.record("\(failure)", sourceLocation: sourceLocation) }
  // A story without steps would prove nothing.
  #expect(report.schedules > 10, sourceLocation: sourceLocation)
}
