// An asynchronous call for each element.
import FlowTesting
import Flows
import Testing

@Suite struct AsyncMapTests {
  private struct Refusal: Error {}
  let time = VirtualTime()
  let source = TestFlow<Int>()

  /// A call that takes as many milliseconds as it is told, and answers that.
  private var wait: @Sendable (Int) async throws -> Int {
    { [time] count in
      try await time.sleep(for: .milliseconds(count))
      return count
    }
  }

  @Test func `delivers what the calls answer`() throws {
    try marbles(
      """
      source    -a---b-|
      asyncMap  ---A---(B|)
      """
    ) { sources in
      sources["source"].asyncMap { [time = sources.time] letter in
        try await time.sleep(for: .milliseconds(2))
        return letter.uppercased()
      }
    }
  }

  @Test func `one call at a time when nothing else is said`() throws {
    let running = Counter()
    let flow = source.flow.asyncMap { [time] element in
      running.add(1)
      defer { running.add(-1) }
      try await time.sleep(for: .milliseconds(1))
      return (element, running.count)
    }
    let seen = flow.record(in: time)
    #expect(source.asked == 1)
    source.send(1, 2, 3)
    #expect(source.sent == 1)
    time.run()
    source.finish()
    #expect(seen.elements.map(\.0) == [1, 2, 3])
    #expect(seen.elements.map(\.1) == [1, 1, 1])
    try source.expectReleased()
  }

  @Test func `in the order of the elements, with the calls at the same time`() throws {
    let seen = source.flow.asyncMap(maxConcurrent: 3, wait).record(in: time)
    #expect(source.asked == 3)
    source.send(3, 1, 2, 9)
    #expect(source.sent == 3)
    time.advance(by: .milliseconds(2))
    try seen.expectNothing()
    #expect(source.sent == 3)
    time.advance(by: .milliseconds(1))
    try seen.expect(3, 1, 2, at: .milliseconds(3))
    #expect(source.sent == 4)
    source.finish()
    time.run()
    try seen.expect(9, at: .milliseconds(12))
    try seen.expectFinished()
    try source.expectReleased()
  }

  @Test func `as they are ready, when it is told so`() throws {
    let seen = source.flow.asyncMap(maxConcurrent: 3, ordered: false, wait).record(in: time)
    source.send(3, 1, 2)
    source.finish()
    time.run()
    try seen.expect(1, at: .milliseconds(1))
    try seen.expect(2, at: .milliseconds(2))
    try seen.expect(3, at: .milliseconds(3))
    try seen.expectFinished()
    try source.expectReleased()
  }

  @Test(arguments: [true, false])
  func `asks for nothing without demand, and holds no more answers than calls may run`(ordered: Bool) throws {
    let seen = source.flow.asyncMap(maxConcurrent: 2, ordered: ordered, wait).record(in: time, demand: 0)
    #expect(source.asked == 0)
    seen.request(1)
    #expect(source.asked == 2)
    source.send(1, 1, 1, 1)
    time.run()
    try seen.expect(1)
    #expect(source.sent <= 3)
    seen.request(3)
    time.run()
    try seen.expect(1, 1, 1)
    source.finish()
    try seen.expectFinished()
    #expect(source.askedInTotal <= 6)
  }

  @Test(arguments: [true, false])
  func `completes without demand`(ordered: Bool) throws {
    let seen = source.flow.asyncMap(maxConcurrent: 2, ordered: ordered, wait).record(in: time, demand: 1)
    source.send(1)
    source.finish()
    time.run()
    try seen.expect(1)
    try seen.expectFinished()
  }

  @Test(arguments: [true, false])
  func `a failure of the source waits for the calls that are under way`(ordered: Bool) throws {
    let seen = source.flow.asyncMap(maxConcurrent: 4, ordered: ordered, wait).record(in: time)
    source.send(1, 2)
    source.fail()
    try seen.expectNothing()
    time.run()
    try seen.expect(1, 2)
    try seen.expectFailure(MarbleError.self)
  }

  @Test func `a call that fails does so in its place, and cancels what is behind it`() throws {
    let cancelled = Counter()
    let flow = source.flow.asyncMap(maxConcurrent: 3) { [time] element in
      try await withTaskCancellationHandler {
        try await time.sleep(for: .milliseconds(element))
        if element == 1 { throw Refusal() }
        return element
      } onCancel: {
        cancelled.add()
      }
    }
    let seen = flow.record(in: time)
    source.send(2, 1, 9)
    time.advance(by: .milliseconds(1))
    try seen.expectNothing()
    time.advance(by: .milliseconds(1))
    try seen.expect(2)
    try seen.expectFailure(Refusal.self)
    #expect(cancelled.count == 1)
    #expect(time.pendingTimers == 0)
    try source.expectReleased()
  }

  @Test func `a call that fails does so at once when the order does not matter`() throws {
    let flow = source.flow.asyncMap(maxConcurrent: 3, ordered: false) { [time] element in
      try await time.sleep(for: .milliseconds(element))
      if element == 1 { throw Refusal() }
      return element
    }
    let seen = flow.record(in: time)
    source.send(2, 1, 9)
    time.advance(by: .milliseconds(1))
    try seen.expectFailure(Refusal.self, at: .milliseconds(1))
    #expect(time.pendingTimers == 0)
    try source.expectReleased()
  }

  @Test(arguments: [true, false])
  func `cancels its calls`(ordered: Bool) throws {
    let count = LiveCount()
    let flow = source.flow.asyncMap(maxConcurrent: 3, ordered: ordered) { [time] element in
      let token = count.token()
      try await time.sleep(for: .milliseconds(element))
      return token
    }
    let seen = flow.record(in: time)
    source.send(5, 5)
    time.advance(by: .milliseconds(1))
    #expect(count.live == 2)
    seen.cancel()
    time.advance(by: .zero)
    try count.expectNone()
    #expect(time.pendingTimers == 0)
    try source.expectReleased()
  }

  @Test(arguments: [true, false])
  func `discards answers that nobody takes`(ordered: Bool) throws {
    let discards = Discards()
    let flow = source.flow.asyncMap(maxConcurrent: 3, ordered: ordered, wait).telling(discards)
    let seen = flow.record(in: time, demand: 1)
    source.send(1, 2, 3)
    time.run()
    try seen.expect(1)
    seen.cancel()
    #expect(discards.all.sorted() == ["2", "3"])
    try source.expectReleased()
  }

  @Test(arguments: [true, false])
  func `an answer that comes too late is discarded`(ordered: Bool) throws {
    let discards = Discards()
    let flow = source.flow.asyncMap(maxConcurrent: 2, ordered: ordered) { [time] element in
      // It does not notice that it was cancelled.
      try? await time.sleep(for: .milliseconds(1))
      return element
    }
    let seen = flow.telling(discards).record(in: time)
    source.send(7)
    seen.cancel()
    time.run()
    try seen.done()
    #expect(discards.all == ["7"])
  }

  // MARK: Calls that fail

  @Test func `a call that fails may be skipped`() throws {
    try marbles(
      """
      source    -a---b---c-|
      asyncMap  ---A-------(C|)
      """
    ) { sources in
      sources["source"].asyncMap(onError: { _, _ in .skip }) { [time = sources.time] letter in
        try await time.sleep(for: .milliseconds(2))
        if letter == "b" { throw Refusal() }
        return letter.uppercased()
      }
    }
  }

  @Test(arguments: [true, false])
  func `something else may be delivered for it, in its place`(ordered: Bool) throws {
    let seen = source.flow.asyncMap(
      maxConcurrent: 3, ordered: ordered,
      onError: { error, element in error is Refusal ? .emit(-element) : .propagate }
    ) { [time] number in
      try await time.sleep(for: .milliseconds(number))
      if number == 2 { throw Refusal() }
      if number == 9 { throw MarbleError() }
      return number
    }.record(in: time)
    source.send(3, 2, 1)
    time.run()
    #expect(seen.elements == (ordered ? [3, -2, 1] : [1, -2, 3]))
    source.send(9)
    time.run()
    try seen.expect(seen.elements[0], seen.elements[1], seen.elements[2])
    try seen.expectFailure(MarbleError.self)
    try source.expectReleased()
  }

  @Test func `one that is skipped is made up for, and an error of the choice fails the flow`() throws {
    let seen = source.flow.asyncMap(onError: { _, element in
      if element == 3 { throw MarbleError() }
      return .skip
    }) { (element: Int) -> Int in
      if element > 1 { throw Refusal() }
      return element
    }.record(in: time, demand: 2)
    source.send(2, 1, 2, 3)
    time.run()
    try seen.expect(1)
    try seen.expectFailure(MarbleError.self)
    #expect(source.sent == 4)
    try source.expectReleased()
  }

  @Test func `nobody is asked about a call that was cancelled`() throws {
    let asked = Counter()
    let flow = source.flow.asyncMap(onError: { _, _ in
      asked.add()
      return .skip
    }) { [time] in try await time.sleep(for: .milliseconds($0)) }
    let seen = flow.record(in: time)
    source.send(9)
    time.advance(by: .milliseconds(1))
    seen.cancel()
    time.run()
    #expect(asked.count == 0)
    try source.expectReleased()
  }
}
