// Callbacks.
import FlowTesting
import Testing

@testable import Flows

@Suite struct SubscribeTests {
  let source = TestFlow<Int>()
  let seen = Box<[Int]>([])
  let ends = Counter()

  private func subscribe(_ demand: FlowDemand = .unlimited) -> FlowSubscription {
    source.flow.subscribe(demand: demand) { [seen] in
      seen.value += [$0]
    } onEnd: { [ends] _ in
      ends.add()
    }
  }

  @Test func `calls back for each element and for the end`() throws {
    let subscription = subscribe()
    source.send(1, 2)
    source.finish()
    #expect(seen.value == [1, 2])
    #expect(ends.count == 1)
    #expect(subscription.isEnded)
    try source.expectReleased()
  }

  @Test func `delivers what was asked for`() {
    let subscription = subscribe(2)
    source.send(1, 2, 3, 4)
    #expect(seen.value == [1, 2])
    subscription.request(1)
    #expect(seen.value == [1, 2, 3])
    subscription.cancel()
  }

  @Test func `a handler that answers demand asks from inside`() {
    let subscription = source.flow.subscribe(initialDemand: 1) { [seen] element -> FlowDemand in
      seen.value += [element]
      return element < 3 ? 1 : .none
    }
    source.send(1, 2, 3, 4)
    #expect(seen.value == [1, 2, 3])
    subscription.cancel()
  }

  @Test func `cancelled twice it hears nothing more, and has let go`() throws {
    let subscription = subscribe()
    source.send(1)
    subscription.cancel()
    subscription.cancel()
    subscription.request(1)
    source.send(2)
    source.finish()
    #expect(seen.value == [1])
    #expect(ends.count == 0)
    try source.expectReleased()
  }

  @Test func `cancelled inside a callback it hears nothing more`() throws {
    let handle = Box<FlowSubscription?>(nil)
    handle.value = source.flow.subscribe { [seen] element in
      seen.value += [element]
      handle.value?.cancel()
    } onEnd: { [ends] _ in
      ends.add()
    }
    source.send(1, 2, 3)
    #expect(seen.value == [1])
    #expect(ends.count == 0)
    try source.expectReleased()
  }

  @Test func `let go it cancels, unless it was detached`() throws {
    _ = subscribe()
    try source.expectReleased()
    subscribe().detach()
    source.send(5)
    source.finish()
    #expect(seen.value == [5])
    #expect(ends.count == 1)
  }

  @Test func `a set keeps it`() throws {
    var set: Set<FlowSubscription> = []
    subscribe().store(in: &set)
    source.send(1)
    #expect(seen.value == [1])
    set = []
    try source.expectReleased()
  }

  @Test func `a callback that throws ends it with that error, which no operator upstream sees`() throws {
    let caught = Counter()
    let end = Box<(any Error)?>(nil)
    let upstream = source.flow.catch { _ in
      caught.add()
      return .empty()
    }
    let subscription = upstream.subscribe { _ in
      throw MarbleError()
    } onEnd: {
      if case .failed(let error) = $0 { end.value = error }
    }
    source.send(1)
    #expect(end.value is MarbleError)
    #expect(caught.count == 0)
    withExtendedLifetime(subscription) {}
    try source.expectReleased()
  }

  @Test func `asking for nothing traps`() async {
    await #expect(processExitsWith: .failure) { Flow.just(1).subscribe { _ in }.request(0) }
    await #expect(processExitsWith: .failure) { _ = FlowDemand(-1) }
  }
}
