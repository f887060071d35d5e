// A subject that remembers.
import FlowTesting
import Flows
import Testing

@Suite struct ReplayFlowTests {
  private let time = VirtualTime()

  @Test func `delivers what is sent`() throws {
    try marbles(
      """
      sent  -a-b-c-|
      flow  -a-b-c-|
      """
    ) { sources in
      let subject = ReplayFlow<String>(count: 1, buffer: 4, whenFull: .fail)
      let subscription = sources["sent"].subscribe {
        subject.send($0)
      } onEnd: { _ in
        subject.finish()
      }
      return subject.flow.finally { _ in subscription.cancel() }
    }
  }

  @Test func `remembers the last elements`() throws {
    let subject = ReplayFlow<Int>(count: 2, buffer: 4, whenFull: .fail)
    for number in 1...3 { subject.send(number) }
    let seen = subject.flow.record(in: time, demand: 1)
    try seen.expect(2)
    subject.send(4)
    seen.request(5)
    try seen.expect(3, 4)
  }

  @Test func `remembers all when it is told so`() {
    let subject = ReplayFlow<Int>(count: .max, buffer: 1, whenFull: .dropNewest)
    for number in 0..<1000 { subject.send(number) }
    #expect(subject.flow.record(in: time).elements == Array(0..<1000))
  }

  @Test func `forgets what has its age`() throws {
    let subject = ReplayFlow<Int>(
      count: 10, age: .milliseconds(10), buffer: 4, whenFull: .fail, scheduler: time)
    subject.send(1)
    time.advance(by: .milliseconds(4))
    subject.send(2)
    time.advance(by: .milliseconds(5))
    #expect(subject.flow.record(in: time).elements == [1, 2])
    time.advance(by: .milliseconds(1))
    #expect(subject.flow.record(in: time).elements == [2])
    time.advance(by: .seconds(1))
    try subject.flow.record(in: time).expectNothing()
  }

  @Test func `takes the time of who makes it`() {
    let subject = time.asDefault {
      ReplayFlow<Int>(count: 10, age: .milliseconds(10), buffer: 4, whenFull: .fail)
    }
    subject.send(1)
    time.advance(by: .milliseconds(10))
    #expect(subject.flow.record(in: time).elements == [])
  }

  @Test func `lets go of what it has forgotten with the next element or subscriber`() {
    let held = LiveCount()
    let subject = ReplayFlow<LiveCount.Token>(
      count: 10, age: .milliseconds(10), buffer: 4, whenFull: .fail, scheduler: time)
    subject.send(held.token())
    subject.send(held.token())
    time.advance(by: .milliseconds(10))
    #expect(held.live == 2)
    subject.send(held.token())
    #expect(held.live == 1)
    time.advance(by: .milliseconds(10))
    subject.flow.record(in: time).cancel()
    #expect(held.live == 0)
  }

  @Test func `carries its end, and what came before`() throws {
    let subject = ReplayFlow<Int>(count: 2, age: .seconds(1), buffer: 4, whenFull: .fail, scheduler: time)
    for number in 1...3 { subject.send(number) }
    subject.fail(MarbleError())
    #expect(subject.send(4) == .terminated)
    let early = subject.flow.record(in: time)
    try early.expect(2, 3)
    try early.expectFailure(MarbleError.self)
    time.advance(by: .seconds(1))
    let late = subject.flow.record(in: time)
    try late.expectFailure(MarbleError.self)
  }

  @Test func `says what became of an element`() {
    let subject = ReplayFlow<Int>(count: 1, buffer: 1, whenFull: .dropNewest)
    #expect(subject.send(1) == .sent(subscribers: 0))
    let slow = subject.flow.record(in: time, demand: 0)
    #expect(subject.subscriberCount == 1)
    #expect(subject.send(2) == .dropped(subscribers: 1))
    subject.finish()
    #expect(subject.send(3) == .terminated)
    slow.cancel()
  }

  @Test func `completes when it is let go`() throws {
    var subject: ReplayFlow<Int>? = ReplayFlow(count: 1, buffer: 1, whenFull: .fail)
    let seen = subject?.flow.record(in: time)
    subject?.send(1)
    subject = nil
    try seen?.expect(1)
    try seen?.expectFinished()
  }

  @Test func `traps on numbers that make no sense`() async {
    await #expect(processExitsWith: .failure) {
      _ = ReplayFlow<Int>(count: 0, buffer: 1, whenFull: .fail)
    }
    await #expect(processExitsWith: .failure) {
      _ = ReplayFlow<Int>(count: 1, buffer: 0, whenFull: .fail)
    }
  }
}
