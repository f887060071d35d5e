// Elements sent from outside.
import FlowTesting
import Flows
import Testing

@Suite struct FlowSubjectTests {
  /// A subject that sends what a source delivers.
  private func sending(_ source: Flow<String>) -> Flow<String> {
    let subject = FlowSubject<String>(buffer: 8, whenFull: .fail)
    return Flow { context in
      let stage = subject.flow.start(in: context)
      let feed = source.subscribe {
        subject.send($0)
      } onEnd: { end in
        if case .failed(let error) = end { subject.fail(error) } else { subject.finish() }
      }
      context.onEnd { feed.cancel() }
      return stage
    }
  }

  @Test func `delivers what is sent`() throws {
    try marbles(
      """
      sent  -a-b-c-|
      flow  -a-b-c-|
      """
    ) { sending($0["sent"]) }
  }

  @Test func `delivers what is sent until it fails`() throws {
    try marbles(
      """
      sent  -a-b-#
      flow  -a-b-#
      """
    ) { sending($0["sent"]) }
  }

  @Test func `says what became of an element`() throws {
    let time = VirtualTime()
    let subject = FlowSubject<Int>(buffer: 1, whenFull: .dropNewest)
    #expect(subject.send(1) == .sent(subscribers: 0))
    let fast = subject.flow.record(in: time)
    let slow = subject.flow.record(in: time, demand: 0)
    #expect(subject.subscriberCount == 2)
    #expect(subject.send(2) == .sent(subscribers: 2))
    #expect(subject.send(3) == .dropped(subscribers: 1))
    subject.finish()
    #expect(subject.send(4) == .terminated)
    try fast.expect(2, 3)
    try fast.expectFinished()
    slow.request(1)
    try slow.expect(2)
    try slow.expectFinished()
    #expect(subject.subscriberCount == 0)
  }

  @Test func `fails only those that are too slow`() throws {
    let time = VirtualTime()
    let subject = FlowSubject<Int>(buffer: 1, whenFull: .fail)
    let fast = subject.flow.record(in: time)
    let slow = subject.flow.record(in: time, demand: 0)
    subject.send(1)
    subject.send(2)
    subject.send(3)
    slow.request(5)
    try slow.expect(1)
    #expect(try slow.expectFailure(FlowBufferOverflow.self) == FlowBufferOverflow(capacity: 1))
    try fast.expect(1, 2, 3)
    #expect(subject.subscriberCount == 1)
  }

  @Test func `gives who comes late the end`() throws {
    let time = VirtualTime()
    let subject = FlowSubject<Int>(buffer: 1, whenFull: .fail)
    subject.send(1)
    subject.fail(MarbleError())
    subject.finish()
    let late = subject.flow.record(in: time, demand: 0)
    try late.expectFailure(MarbleError.self)
    try late.done()
  }

  @Test func `replays the last elements, also after the end`() throws {
    let time = VirtualTime()
    let subject = FlowSubject<Int>(replay: 2, buffer: 1, whenFull: .dropOldest)
    for number in 1...3 { subject.send(number) }
    let one = subject.flow.record(in: time)
    subject.finish()
    let two = subject.flow.record(in: time)
    for seen in [one, two] {
      try seen.expect(2, 3)
      try seen.expectFinished()
    }
  }

  @Test func `takes an element that is sent inside another`() throws {
    let time = VirtualTime()
    let subject = FlowSubject<Int>(buffer: 5, whenFull: .fail)
    let sender = subject.flow.subscribe { if $0 < 5 { subject.send($0 + 1) } }
    let seen = subject.flow.record(in: time)
    subject.send(1)
    try seen.expect(1, 2, 3, 4, 5)
    sender.cancel()
  }

  @Test func `completes when it is let go`() throws {
    let time = VirtualTime()
    var subject: FlowSubject<Int>? = FlowSubject(buffer: 1, whenFull: .fail)
    let seen = subject?.flow.record(in: time)
    subject?.send(1)
    subject = nil
    try seen?.expect(1)
    try seen?.expectFinished()
  }

  @Test func `keeps nothing that was let go`() throws {
    let held = LiveCount()
    let subject = FlowSubject<LiveCount.Token>(replay: 1, buffer: 4, whenFull: .dropOldest)
    let one = subject.flow.map { [token = held.token()] in ($0, token).0 }.subscribe(demand: 0) { _ in }
    for _ in 0..<10 { subject.send(held.token()) }
    #expect(held.live == 5)
    one.cancel()
    #expect(held.live == 1)
    #expect(subject.subscriberCount == 0)
  }

  @Test func `takes subscribers that come and go while it sends`() throws {
    let subject = FlowSubject<Int>(buffer: 4, whenFull: .fail)
    let subscriptions = Box<[FlowSubscription]>([])
    let sum = Box(0)
    for _ in 0..<10 {
      let one = subject.flow.prefix(1).subscribe { sum.value += $0 }
      subscriptions.value.append(one)
    }
    subject.send(1)
    #expect(sum.value == 10)
    #expect(subject.subscriberCount == 0)
  }

  @Test func `traps on numbers that make no sense`() async {
    await #expect(processExitsWith: .failure) { _ = FlowSubject<Int>(buffer: 0, whenFull: .fail) }
    await #expect(processExitsWith: .failure) { _ = FlowSubject<Int>(replay: -1, buffer: 1, whenFull: .fail) }
  }
}
