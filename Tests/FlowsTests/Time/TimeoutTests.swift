// Three deadlines: for the first element, between elements, for the whole.
import FlowTesting
import Synchronization
import Testing

@testable import Flows

@Suite struct TimeoutTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  func elapsed(_ milliseconds: Int) { time.advance(by: .milliseconds(milliseconds)) }

  @Test func `fails when nothing has come for too long`() throws {
    try marbles(
      """
      source            -a-b-----c|
      timeout(idle: 3)  -a-b--#
      """
    ) { $0["source"].timeout(idle: .milliseconds(3)) }
  }

  // MARK: Which deadline

  @Test func `says which deadline passed, what had come, and how long it took`() throws {
    let seen = source.flow.timeout(first: .milliseconds(9), idle: .milliseconds(3)).record(in: time)
    elapsed(8)
    source.send(1, 2)
    elapsed(2)
    source.send(3)
    elapsed(3)
    try seen.expect(1, 2, at: .milliseconds(8))
    try seen.expect(3, at: .milliseconds(10))
    let error = try seen.expectFailure(FlowTimeoutError.self, at: .milliseconds(13))
    #expect(
      error
        == FlowTimeoutError(
          deadline: .idle, limit: .milliseconds(3), seen: 3, elapsed: .milliseconds(13)))
    #expect(error.description == "no element for 0.003 seconds (3 elements in 0.013 seconds)")
    try seen.done()
    try source.expectReleased()
  }

  @Test func `the first element has a limit of its own`() throws {
    let seen = source.flow.timeout(first: .milliseconds(5), idle: .milliseconds(3)).record(in: time)
    elapsed(5)
    let error = try seen.expectFailure(FlowTimeoutError.self, at: .milliseconds(5))
    #expect(error.deadline == .first && error.limit == .milliseconds(5) && error.seen == 0)
  }

  @Test func `without one it has that of the others`() throws {
    let seen = source.flow.timeout(idle: .milliseconds(3)).record(in: time)
    elapsed(3)
    let error = try seen.expectFailure(FlowTimeoutError.self, at: .milliseconds(3))
    #expect(error.deadline == .idle && error.seen == 0)
  }

  @Test func `a limit for the first alone does not limit the others`() throws {
    let seen = source.flow.timeout(first: .milliseconds(5)).record(in: time)
    source.send(1)
    elapsed(1000)
    try seen.expect(1, at: .zero)
    try seen.done()
    #expect(time.pendingTimers == 0)
    seen.cancel()
  }

  @Test func `the whole has a limit from the start, whoever is slow`() throws {
    let seen = source.flow.timeout(idle: .milliseconds(4), total: .milliseconds(10))
      .record(in: time, demand: .none)
    elapsed(2)
    seen.request(100)
    for number in 0..<4 {
      source.send(number)
      elapsed(2)
    }
    try seen.expect(0, 1, 2, 3)
    let error = try seen.expectFailure(FlowTimeoutError.self, at: .milliseconds(10))
    #expect(error.deadline == .total && error.limit == .milliseconds(10) && error.seen == 4)
    try source.expectReleased()
  }

  @Test func `without limits it changes nothing`() throws {
    let seen = source.flow.timeout().record(in: time)
    source.send(1)
    source.finish()
    try seen.expect(1)
    try seen.expectFinished()
    #expect(time.pendingTimers == 0)
  }

  @Test func `a limit of nothing fails what does not come at once`() throws {
    let late = source.flow.timeout(first: .zero).record(in: time)
    elapsed(0)
    #expect(try late.expectFailure(FlowTimeoutError.self, at: .zero).deadline == .first)
    let quick = Flow.from([1, 2]).timeout(first: .zero, idle: .zero).record(in: time)
    elapsed(0)
    try quick.expect(1, 2)
    try quick.expectFinished()
  }

  // MARK: Who is slow

  @Test func `waits only while something is asked for`() throws {
    let seen = source.flow.timeout(first: .milliseconds(3), idle: .milliseconds(3))
      .record(in: time, demand: .none)
    elapsed(100)
    seen.request(1)
    elapsed(2)
    source.send(1, 2)
    try seen.expect(1, at: .milliseconds(102))
    elapsed(100)
    seen.request(1)
    try seen.expect(2, at: .milliseconds(202))
    elapsed(100)
    seen.request(1)
    elapsed(2)
    try seen.expectNothing()
    elapsed(1)
    let error = try seen.expectFailure(FlowTimeoutError.self, at: .milliseconds(305))
    #expect(error.deadline == .idle && error.seen == 2)
  }

  @Test func `a consumer that takes its time between two elements never makes it fire`() throws {
    let elements = try time.run { [time] in
      let slow = Flow.from([1, 2, 3]).timeout(first: .milliseconds(1), idle: .milliseconds(1))
      var elements: [Int] = []
      for try await element in slow.values {
        try await time.sleep(for: .seconds(60))
        elements.append(element)
      }
      return elements
    }
    #expect(elements == [1, 2, 3])
  }

  @Test func `the wait begins when a callback has come back, not when it was called`() throws {
    let clock = LooseClock()
    let seen = Mutex<[String]>([])
    let subscription = source.flow.timeout(idle: .milliseconds(3)).scheduler(clock).subscribe { number in
      clock.pass(.seconds(60))
      seen.withLock { $0.append("\(number)") }
    } onEnd: { _ in
      seen.withLock { $0.append("end") }
    }
    source.send(1)
    clock.ring()
    #expect(seen.withLock { $0 } == ["1"])
    clock.pass(.nanoseconds(2_999_999))
    clock.ring()
    #expect(seen.withLock { $0 } == ["1"])
    clock.pass(.nanoseconds(1))
    clock.ring()
    #expect(seen.withLock { $0 } == ["1", "end"])
    #expect(subscription.isEnded)
  }

  @Test func `also among sources that are merged, the wait begins when a callback has come back`() throws {
    let clock = LooseClock()
    let seen = Journal<String>()
    let subscription = source.flow.timeout(idle: .milliseconds(3)).merge(with: .never()).scheduler(clock)
      .subscribe { number in
        clock.pass(.seconds(60))
        seen.note("\(number)")
      } onEnd: { _ in
        seen.note("end")
      }
    source.send(1)
    clock.ring()
    #expect(seen.entries == ["1"])
    clock.pass(.nanoseconds(2_999_999))
    clock.ring()
    #expect(seen.entries == ["1"])
    clock.pass(.nanoseconds(1))
    clock.ring()
    #expect(seen.entries == ["1", "end"])
    #expect(subscription.isEnded)
  }

  // MARK: One instant

  @Test func `an element in the moment of a deadline wins`() throws {
    try marbles(
      """
      source            -a--b--c---|
      timeout(idle: 3)  -a--b--c--#
      """
    ) { $0["source"].timeout(idle: .milliseconds(3)) }
    try marbles(
      """
      source             ---a---|
      timeout(first: 3)  ---a---|
      """
    ) { $0["source"].timeout(first: .milliseconds(3)) }
  }

  @Test func `an end in the moment of a deadline wins`() throws {
    try marbles(
      """
      source            -a--|
      timeout(idle: 3)  -a--|
      """
    ) { $0["source"].timeout(idle: .milliseconds(3)) }
    try marbles(
      """
      source             -a--|
      timeout(total: 4)  -a--|
      """
    ) { $0["source"].timeout(total: .milliseconds(4)) }
  }

  @Test func `an element in the last moment of the whole is delivered before it fails`() throws {
    try marbles(
      """
      source             -a--(bc)----|
      timeout(total: 4)  -a--(bc#)
      """
    ) { $0["source"].timeout(total: .milliseconds(4)) }
  }

  // MARK: What happens then

  @Test func `switches to another flow, which takes over what is asked for`() throws {
    try marbles(
      """
      source            -a------b-|
      other             x---------y|
      timeout(idle: 4)  -a---x---------y|
      """
    ) { sources in
      let other = sources["other"]
      return sources["source"].timeout(idle: .milliseconds(4), onTimeout: .switchTo(other))
    }
    let other = TestFlow<Int>("other")
    let seen = source.flow.timeout(
      idle: .milliseconds(3), total: .milliseconds(20), onTimeout: .switchTo(other.flow)
    )
    .record(in: time, demand: 3)
    source.send(1)
    elapsed(3)
    try source.expectReleased()
    #expect(other.isActive && other.asked == 2)
    #expect(time.pendingTimers == 0)
    elapsed(1000)
    other.send(2, 3, 4)
    try seen.expect(1)
    try seen.expect(2, 3)
    #expect(other.sent == 2)
    other.fail()
    seen.request(1)
    try seen.expect(4)
    try seen.expectFailure(MarbleError.self)
    try seen.done()
  }

  @Test func `lets the upstream go before it fails`() throws {
    let log = Mutex<[String]>([])
    let upstream = Flow<Int> { context in
      context.onEnd { log.withLock { $0.append("let go") } }
      return { _ in .pending }
    }
    let seen = upstream.timeout(idle: .milliseconds(3)).mapError { error in
      log.withLock { $0.append("failed") }
      return error
    }.record(in: time)
    elapsed(3)
    try seen.expectFailure(FlowTimeoutError.self)
    #expect(log.withLock { $0 } == ["let go", "failed"])
  }

  @Test func `passes ends and failures of the upstream on, with no timer left`() throws {
    let seen = source.flow.timeout(first: .milliseconds(5), total: .milliseconds(50)).record(in: time)
    source.fail()
    try seen.expectFailure(MarbleError.self)
    #expect(time.pendingTimers == 0)
    try source.expectReleased()
  }

  @Test func `lets go of everything when it is cancelled`() throws {
    let seen = source.flow.timeout(idle: .milliseconds(5), total: .milliseconds(50)).record(in: time)
    source.send(1)
    seen.cancel()
    #expect(time.pendingTimers == 0)
    try source.expectReleased()
    elapsed(100)
    try seen.expect(1)
    try seen.done()
  }

  @Test func `asks for what it is asked for`() throws {
    try marbles(
      """
      source            -a-b-c--------d|
      timeout(idle: 5)  -a-b--c------#
      demand            2-----1-1
      asked source      2-----1-1
      """
    ) { $0["source"].timeout(idle: .milliseconds(5)) }
  }

  @Test func `misses no element that comes between two polls of one wake`() throws {
    let other = TestFlow<Int>("other")
    let timed = source.flow.timeout(idle: .seconds(1)).merge(
      with: other.flow.map { [source] number in
        source.send(2)
        return number
      })
    let seen = Mutex<[Int]>([])
    let subscription = timed.scheduler(time).subscribe { [source] number in
      seen.withLock { $0.append(number) }
      if number == 0 {
        // Both wake the merge, which asks the first again after the second.
        source.send(1)
        other.send(9)
      }
    }
    source.send(0)
    #expect(seen.withLock { $0 } == [0, 1, 9, 2])
    subscription.cancel()
    try source.expectReleased()
  }

  @Test func `asks for more that is asked for while the consumer is busy`() throws {
    let gate = Mutex<FlowSubscription?>(nil)
    let subscription = source.flow.timeout(idle: .seconds(1)).scheduler(time).subscribe(demand: 2) { _ in
      gate.withLock { $0 }?.request(3)
    }
    gate.withLock { $0 = subscription }
    source.send(1)
    #expect(source.asked == 4)
    gate.withLock { $0 = nil }
    subscription.cancel()
  }

  // MARK: Cost

  @Test func `moves one timer, however many elements come`() throws {
    let scheduler = CountedTime()
    let seen = source.flow.timeout(first: .seconds(60), idle: .seconds(30), total: .seconds(600))
      .scheduler(scheduler).record(in: scheduler.time)
    for number in 0..<1000 {
      source.send(number)
      scheduler.time.advance(by: .milliseconds(5))
    }
    #expect(seen.elements.count == 1000)
    // One for the first element; it is earlier from then on, and the timer of idle is never reached.
    #expect(scheduler.schedules <= 2)
    seen.cancel()
    #expect(scheduler.time.pendingTimers == 0)
  }
}
