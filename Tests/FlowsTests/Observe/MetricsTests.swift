// Figures of runs.
import FlowTesting
import Testing

@testable import Flows

@Suite struct MetricsTests {
  private let time = VirtualTime()
  private let source = TestFlow<Int>()
  private let figures = Journal<FlowMetrics>()

  private var measured: Flow<Int> { source.flow.metrics { [figures] in figures.note($0) } }

  @Test func `changes nothing that passes`() throws {
    try marbles(
      """
      source   -a-b-|
      metrics  -a-b-|
      """
    ) { sources in sources["source"].metrics { [figures] in figures.note($0) } }
    try marbles(
      """
      source         -a-b-|
      metrics(into)  -a-b-|
      """
    ) { $0["source"].metrics(into: FlowMeter()) }
    let run = try #require(figures.entries.first)
    #expect(run.count == 2)
    #expect(run.firstElement == .milliseconds(1))
    #expect(run.longestGap == .milliseconds(2))
    #expect(run.duration == .milliseconds(5))
    #expect(run.asked == .unlimited)
    #expect(run.outstanding == .unlimited)
    #expect(run.dropped == 0)
    guard case .finished? = run.exit else { throw MarbleError() }
  }

  @Test func `measures when elements come, and what was asked for`() throws {
    let seen = measured.record(in: time, demand: 2)
    time.advance(by: .milliseconds(10))
    source.send(1, 2, 3)
    time.advance(by: .milliseconds(20))
    seen.request(3)
    time.advance(by: .milliseconds(5))
    source.send(4)
    #expect(figures.count == 0)
    source.fail()
    let run = try #require(figures.entries.first)
    #expect(run.count == 4)
    #expect(run.asked == 5)
    #expect(run.outstanding == 1)
    #expect(run.firstElement == .milliseconds(10))
    #expect(run.lastElement == .milliseconds(35))
    #expect(run.longestGap == .milliseconds(20))
    #expect(run.averageGap == .milliseconds(25) / 3)
    #expect(run.duration == .milliseconds(35))
    guard case .failed(is MarbleError)? = run.exit else { throw MarbleError() }
  }

  @Test func `counts what was given up upstream`() throws {
    let discards = Discards()
    let seen = source.flow.buffer(1, whenFull: .dropOldest).metrics { [figures] in figures.note($0) }
      .telling(discards).record(in: time, demand: 0)
    source.send(1, 2, 3)
    seen.cancel()
    let run = try #require(figures.entries.first)
    #expect(run.dropped == 2)
    #expect(run.count == 0)
    #expect(run.firstElement == nil && run.averageGap == nil)
    #expect(discards.all(.policy) == ["1", "2"])
    guard case .cancelled? = run.exit else { throw MarbleError() }
  }

  @Test func `knows its name and its tags`() throws {
    _ = Flow.just(1).metrics { [figures] in figures.note($0) }.tagged("model", "small").named("answer")
      .record(in: time)
    #expect(figures.entries.first?.name == "answer")
    #expect(figures.entries.first?.tags == ["model": "small"])
  }

  @Test func `adds up runs, and can be looked at while they go on`() throws {
    let meter = FlowMeter()
    let flow = source.flow.metrics(into: meter)
    let one = flow.record(in: time, demand: 1)
    let two = flow.record(in: time)
    time.advance(by: .milliseconds(7))
    source.send(1, 2)
    #expect(meter.running.map(\.count) == [1, 2])
    #expect(meter.running.map(\.outstanding) == [0, .unlimited])
    #expect(meter.totals.count == 3)
    #expect(meter.totals.active == 2)
    one.cancel()
    source.finish()
    let three = flow.record(in: time)
    source.fail()
    #expect(meter.running.isEmpty)
    let totals = meter.totals
    #expect(totals.runs == 3 && totals.active == 0)
    #expect(totals.finished == 1 && totals.failed == 1 && totals.cancelled == 1)
    #expect(totals.count == 3)
    #expect(totals.longestWait == .milliseconds(7))
    _ = (two, three)
  }

  @Test func `lets the run go`() throws {
    let held = LiveCount()
    let meter = FlowMeter()
    do {
      let flow = source.flow.map { [token = held.token()] in ($0, token).0 }.metrics(into: meter)
      flow.record(in: time).cancel()
    }
    try held.expectNone()
    try source.expectReleased()
  }
}
