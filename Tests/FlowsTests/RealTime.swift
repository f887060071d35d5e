// What tests of real time and real threads need.
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

/// Threads that a test lets do something at the same moment. Let go, they end.
final class Crew: Sendable {
  private let places: [SystemScheduler]

  init(_ count: Int) { places = (0..<count).map { SystemScheduler(name: "test.crew \($0)") } }

  deinit { for place in places { place.stop() } }

  /// Runs `body` on every thread, at the same moment as far as the machine has cores, and waits until all are done.
  func run(_ body: @escaping @Sendable (_ thread: Int) -> Void) {
    let here = Counter()
    let done = places.map { _ in ThreadSignal() }
    // Each thread has let go of what `body` holds when it says that it is done.
    let bodies = places.map { _ in Box<(@Sendable (Int) -> Void)?>(body) }
    for (thread, place) in places.enumerated() {
      place.execute { [places] in
        here.add()
        // Nobody waits long for one that has no core.
        let patience = Platform.now() + 20_000
        while here.count < places.count, Platform.now() < patience {}
        if let body = bodies[thread].change({ $0.take() }) { body(thread) }
        done[thread].signal()
      }
    }
    for signal in done { signal.wait() }
  }
}

/// What the callbacks of a subscription do, and whether they keep the contract, whoever calls them.
final class Callbacks: Sendable {
  private let inside = Counter()
  /// Callbacks that were begun.
  let begun = Counter()
  let values = Counter()
  let ends = Counter()
  /// Callbacks that began in the middle of another, or after the end.
  let breaches = Counter()

  /// What a callback for an element does.
  func value(_ body: () -> Void = {}) {
    enter()
    values.add()
    body()
    inside.add(-1)
  }

  /// What the callback for the end does.
  func end() {
    enter()
    ends.add()
    inside.add(-1)
  }

  private func enter() {
    begun.add()
    inside.add()
    if inside.count != 1 || ends.count != 0 { breaches.add() }
  }
}
