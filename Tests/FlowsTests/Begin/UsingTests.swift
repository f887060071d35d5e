// Something that must be given back.
import FlowTesting
import Flows
import Testing

@Suite struct UsingTests {
  let time = VirtualTime()
  let journal = Journal<String>()
  let source = TestFlow<Int>()

  private func using(_ flow: Flow<Int>) -> Flow<Int> {
    .using { [journal] in
      journal.note("acquired")
      return 7
    } release: { [journal] resource in
      journal.note("released \(resource)")
    } _: { _ in
      flow
    }
  }

  /// Notes what comes, among the notes about the resource.
  private func noting(_ flow: Flow<Int>, demand: FlowDemand = .unlimited) -> FlowSubscription {
    flow.scheduler(time).subscribe(demand: demand) { [journal] in
      journal.note("\($0)")
    } onEnd: { [journal] in
      journal.note("\($0)")
    }
  }

  @Test func `runs the flow that is made`() throws {
    try marbles(
      """
      made   -a-b-c-|
      using  -a-b-c-|
      """
    ) { sources in
      let made = sources["made"]
      return .using({ 1 }, release: { _ in }) { _ in made }
    }
  }

  @Test func `is asked for what is asked for`() throws {
    try marbles(
      """
      made        -a-b-c-|
      demand      1----1--
      using       -a---b--
      asked made  1----1--
      cancel      -------!
      """
    ) { sources in
      let made = sources["made"]
      return .using({ 1 }, release: { _ in }) { _ in made }
    }
  }

  @Test func `releases after the last element and before the completion`() {
    let subscription = noting(using(.from([1, 2])))
    #expect(journal.entries == ["acquired", "1", "2", "released 7", "finished"])
    subscription.cancel()
    #expect(journal.count == 5)
  }

  @Test func `completes without being asked, also behind the last element`() {
    let subscription = noting(using(.from([1, 2])), demand: 2)
    #expect(journal.entries == ["acquired", "1", "2", "released 7", "finished"])
    withExtendedLifetime(subscription) {}
  }

  @Test func `releases before the failure`() throws {
    let subscription = noting(using(source.flow))
    source.send(1)
    source.fail()
    #expect(journal.entries == ["acquired", "1", "released 7", "failed(#)"])
    try source.expectReleased()
    withExtendedLifetime(subscription) {}
  }

  @Test func `releases when it is cancelled, after the flow that used it`() throws {
    let subscription = noting(using(source.flow))
    #expect(journal.entries == ["acquired"])
    subscription.cancel()
    #expect(journal.entries == ["acquired", "released 7"])
    try source.expectReleased()
    subscription.cancel()
    #expect(journal.count == 2)
  }

  @Test func `lets the flow go before it releases`() throws {
    let subscription = noting(
      .using({ 7 }, release: { [journal, source] _ in journal.note("released, \(source.isReleased)") }) {
        [source] _ in source.flow
      })
    source.finish()
    #expect(journal.entries == ["released, true", "finished"])
    withExtendedLifetime(subscription) {}
  }

  @Test func `a cancellation in the middle of the flow releases when that is out of it`() {
    let subscriptions = Journal<FlowSubscription>()
    let subscription = noting(
      using(
        source.flow.map { [journal] number in
          subscriptions.entries[0].cancel()
          journal.note("uses it")
          return number
        }))
    subscriptions.note(subscription)
    source.send(1)
    #expect(journal.entries == ["acquired", "uses it", "released 7"])
  }

  @Test func `is released when the consumer leaves the loop`() throws {
    try time.run { [journal, flow = using(.from(1...9))] in
      for try await number in flow.values where number == 2 { break }
      journal.note("left")
    }
    #expect(journal.entries == ["acquired", "released 7", "left"])
  }

  @Test func `is released before the value is returned`() throws {
    let first = try time.run { [flow = using(.from(1...9))] in try await flow.first() }
    #expect(first == 1)
    #expect(journal.entries == ["acquired", "released 7"])
  }

  @Test func `acquires anew for each run`() {
    let flow = using(.just(1))
    for _ in 1...2 { noting(flow).cancel() }
    #expect(journal.entries.filter { $0 == "acquired" }.count == 2)
    #expect(journal.entries.filter { $0 == "released 7" }.count == 2)
  }

  @Test func `what cannot be acquired fails the flow and is not released`() throws {
    let seen = Flow<Int>.using(
      { () throws -> Int in throw MarbleError() }, release: { [journal] _ in journal.note("!") }
    ) {
      _ in .just(1)
    }.record(in: time)
    try seen.expectFailure(MarbleError.self)
    #expect(journal.count == 0)
  }

  @Test func `a flow that cannot be made fails, and the resource is released before`() throws {
    let subscription = noting(
      .using({ 7 }, release: { [journal] _ in journal.note("released") }) { _ in throw MarbleError() })
    #expect(journal.entries == ["released", "failed(#)"])
    withExtendedLifetime(subscription) {}
  }
}
