// Threads that do one piece of work after another.
import Flows

/// A fixed number of threads, and a bounded queue of work for them. The threads start when there is work for them, and
/// end when they are dismissed and the work is done.
// All state is guarded by the lock; work is done outside of it.
package final class Crew: @unchecked Sendable {
  private struct Work {
    let ticket: Int
    let body: @Sendable () -> Void
  }

  private let name: String
  private let size: Int
  private let longestQueue: Int
  private let lock = Lock()
  private var queue: [Work] = []
  /// Work that was taken and is not done.
  private var load = 0
  private var lastTicket = 0
  private var threads = 0
  /// Threads that have nothing to do.
  private var idle: [ThreadSignal] = []
  private var isDismissed = false

  package init(name: String, threads: Int, queue: Int) {
    self.name = name
    size = threads
    longestQueue = queue
  }

  /// What a request is told that finds no place.
  var refusal: ProviderError {
    ProviderError(.overloaded, "\(size) requests are under way, and \(longestQueue) wait already")
  }

  /// Has `body` done as soon as a thread is free. The answer is the number under which it can be given back; `nil` when
  /// too much waits already.
  func take(_ body: @escaping @Sendable () -> Void) -> Int? {
    let (ticket, mustStart, woken) = lock(self) { () -> (Int?, Bool, ThreadSignal?) in
      guard !isDismissed, load - size < longestQueue else { return (nil, false, nil) }
      load += 1
      lastTicket += 1
      queue.append(Work(ticket: lastTicket, body: body))
      if let signal = idle.popLast() { return (lastTicket, false, signal) }
      if threads < size {
        threads += 1
        return (lastTicket, true, nil)
      }
      return (lastTicket, false, nil)
    }
    woken?.signal()
    if mustStart { Platform.startThread(name) { self.work() } }
    return ticket
  }

  /// Takes work out of the queue that has not begun. What has begun goes on.
  func giveBack(_ ticket: Int) {
    let work = lock(self) {
      queue.firstIndex { $0.ticket == ticket }.map { index in
        load -= 1
        return queue.remove(at: index)
      }
    }
    // What it holds is let go under no lock.
    withExtendedLifetime(work) {}
  }

  /// Ends the threads, when what they have begun is done.
  package func dismiss() {
    let (signals, left) = lock(self) {
      isDismissed = true
      defer {
        idle = []
        queue = []
      }
      return (idle, queue)
    }
    for signal in signals { signal.signal() }
    withExtendedLifetime(left) {}
  }

  private enum Step { case work(Work), wait, end }

  private func work() {
    let signal = ThreadSignal()
    while true {
      switch nextStep(signal) {
      case .work(let work):
        work.body()
        lock(self) { load -= 1 }
      case .wait: signal.wait()
      case .end: return
      }
    }
  }

  private func nextStep(_ signal: ThreadSignal) -> Step {
    lock(self) {
      if !queue.isEmpty { return .work(queue.removeFirst()) }
      if isDismissed { return .end }
      idle.append(signal)
      return .wait
    }
  }
}
