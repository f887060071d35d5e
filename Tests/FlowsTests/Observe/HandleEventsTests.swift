// Looking on.
import FlowTesting
import Flows
import Testing

@Suite struct HandleEventsTests {
  private func watched(_ flow: Flow<String>, _ journal: Journal<String>) -> Flow<String> {
    flow.handleEvents(
      receiveSubscription: { journal.note("subscribed") },
      receiveOutput: { journal.note($0) },
      receiveCompletion: { journal.note(describe($0)) },
      receiveCancel: { journal.note("cancelled") },
      receiveRequest: { journal.note($0 == .unlimited ? "request all" : "request") },
      onEnd: { journal.note("end: \(describe($0))") })
  }

  private func describe(_ end: FlowEnd) -> String {
    switch end {
    case .finished: "finished"
    case .failed(let error): "failed with \(type(of: error))"
    }
  }

  private func describe(_ exit: FlowExit) -> String {
    switch exit {
    case .finished: "finished"
    case .failed(let error): "failed with \(type(of: error))"
    case .cancelled: "cancelled"
    }
  }

  @Test func `changes nothing`() throws {
    let journal = Journal<String>()
    try marbles(
      """
      source        -a-b-|
      handleEvents  -a-b-|
      """
    ) { watched($0["source"], journal) }
    #expect(journal.entries == ["subscribed", "request all", "a", "b", "finished", "end: finished"])
  }

  @Test func `hears of a failure`() throws {
    let journal = Journal<String>()
    try marbles(
      """
      source        -a-#
      handleEvents  -a-#
      """
    ) { watched($0["source"], journal) }
    #expect(
      journal.entries == [
        "subscribed", "request all", "a", "failed with MarbleError", "end: failed with MarbleError",
      ])
  }

  @Test func `hears of a cancellation, also of one that comes from a stage downstream`() throws {
    let journal = Journal<String>()
    try marbles(
      """
      source        -a-(b!)
      handleEvents  -a-(b!)
      """
    ) { watched($0["source"], journal) }
    #expect(journal.entries == ["subscribed", "request all", "a", "b", "cancelled", "end: cancelled"])
    let other = Journal<String>()
    let seen = watched(.from(["a", "b"]), other).map { _ in throw MarbleError() }.record(in: VirtualTime())
    try seen.expectFailure()
    // The flow itself had come to its end, and both elements had passed.
    #expect(other.entries.suffix(2) == ["finished", "end: finished"])
    let third = Journal<String>()
    _ = watched(Flow.just("a").append(.never()), third).prefix(1).record(in: VirtualTime())
    #expect(third.entries == ["subscribed", "request", "a", "cancelled", "end: cancelled"])
  }

  @Test func `hears what is asked for on top of what is outstanding`() throws {
    let asked = Journal<FlowDemand>()
    let source = TestFlow<Int>()
    let seen = source.flow.handleEvents(receiveRequest: { asked.note($0) }).record(
      in: VirtualTime(), demand: 2)
    source.send(1)
    #expect(asked.entries == [2])
    seen.request(3)
    #expect(asked.entries == [2, 3])
    source.send(2, 3, 4, 5)
    #expect(asked.entries == [2, 3])
    seen.request(1)
    #expect(asked.entries == [2, 3, 1])
    try seen.expect(1, 2, 3, 4, 5)
  }

  @Test func `is called before upstream starts`() {
    let source = TestFlow<Int>()
    let counts = Journal<Int>()
    let subscription = source.flow.handleEvents(
      receiveSubscription: { counts.note(source.subscriptions) }
    ).subscribe { _ in }
    #expect(counts.entries == [0])
    #expect(source.subscriptions == 1)
    subscription.cancel()
  }

  @Test func `calls the end when upstream has been let go`() throws {
    let source = TestFlow<Int>()
    let released = Journal<Bool>()
    let time = VirtualTime()
    let seen = source.flow.delay(for: .seconds(1))
      .handleEvents(onEnd: { _ in released.note(!source.isActive && time.pendingTimers == 0) })
      .record(in: time)
    source.send(1)
    seen.cancel()
    #expect(released.entries == [true])
  }

  @Test(arguments: ["subscription", "request", "output", "completion"])
  func `fails the flow when a callback throws`(which: String) throws {
    let exits = Journal<String>()
    let source = TestFlow<Int>()
    @Sendable func fail(_ name: String) throws { if name == which { throw MarbleError() } }
    let flow = source.flow.handleEvents(
      receiveSubscription: { try fail("subscription") },
      receiveOutput: { if $0 == 2 { try fail("output") } },
      receiveCompletion: { _ in try fail("completion") },
      receiveRequest: { _ in try fail("request") },
      onEnd: { exits.note(describe($0)) })
    let seen = flow.record(in: VirtualTime())
    source.send(1, 2, 3)
    source.finish()
    if which == "output" { try seen.expect(1) }
    if which == "completion" { try seen.expect(1, 2, 3) }
    try seen.expectFailure(MarbleError.self)
    try seen.done()
    try source.expectReleased()
    #expect(exits.entries == (which == "subscription" ? [] : ["failed with MarbleError"]))
  }

  @Test func `calls back for each element`() throws {
    let journal = Journal<String>()
    try marbles(
      """
      source   -a-b-|
      onValue  -a-b-|
      """
    ) { $0["source"].onValue { journal.note($0) } }
    #expect(journal.entries == ["a", "b"])
    try marbles(
      """
      source   -a-(b!)
      onValue  -a-#
      """
    ) { $0["source"].onValue { if $0 == "b" { throw MarbleError() } } }
  }

  @Test func `calls back for each kind of end`() throws {
    let journal = Journal<String>()
    try marbles(
      """
      source   -a-b-#
      onError  -a-b-#
      """
    ) { $0["source"].onError { journal.note("\(type(of: $0))") } }
    try marbles(
      """
      source        -a-b-|
      onCompletion  -a-b-|
      """
    ) { $0["source"].onCompletion { journal.note("completion") } }
    try marbles(
      """
      source    -a-(b!)
      onCancel  -a-(b!)
      """
    ) { $0["source"].onCancel { journal.note("cancellation") } }
    #expect(journal.entries == ["MarbleError", "completion", "cancellation"])
    for end in ["-a-|", "-a-#", "-a!"] {
      try marbles("source  \(end)\nflow    \(end)") { sources in
        sources["source"].onError { _ in if end != "-a-#" { journal.note("error of \(end)") } }
          .onCompletion { if end != "-a-|" { journal.note("completion of \(end)") } }
          .onCancel { if end != "-a!" { journal.note("cancellation of \(end)") } }
      }
    }
    #expect(journal.count == 3)
  }

  @Test func `fails with what is thrown about an end`() throws {
    struct Other: Error {}
    let failed = Flow<Int>.fail(MarbleError()).onError { _ in throw Other() }.record(in: VirtualTime())
    try failed.expectFailure(Other.self)
    let completed = Flow.just(1).onCompletion { throw Other() }.record(in: VirtualTime())
    try completed.expect(1)
    try completed.expectFailure(Other.self)
  }

  @Test func `calls back for each request`() throws {
    let asked = Journal<FlowDemand>()
    try marbles(
      """
      source     -a-b-|
      onRequest  -a-b-|
      """
    ) { $0["source"].onRequest { asked.note($0) } }
    #expect(asked.entries == [.unlimited])
  }

  @Test func `calls back once when all is over`() throws {
    let journal = Journal<String>()
    try marbles(
      """
      source   -a-b-|
      finally  -a-b-|
      """
    ) { $0["source"].finally { journal.note(describe($0)) } }
    try marbles(
      """
      source   -a-(b!)
      finally  -a-(b!)
      """
    ) { $0["source"].finally { journal.note(describe($0)) } }
    #expect(journal.entries == ["finished", "cancelled"])
  }
}
