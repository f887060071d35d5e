// Elements that are not delivered.
import FlowTesting
import Flows
import Testing

@Suite struct OnDiscardTests {
  private let lost = Journal<String>()

  private func hearing<Element: Sendable>(_ flow: Flow<Element>) -> Flow<Element> {
    flow.onDiscard(of: Int.self) { [lost] value, reason in lost.note("\(value) \(reason)") }
  }

  @Test func `changes nothing that passes`() throws {
    try marbles(
      """
      source     -a-b-|
      onDiscard  -a-b-|
      """
    ) { hearing($0["source"]) }
    try marbles(
      """
      source  -a-b-|
      onDrop  -a-b-|
      """
    ) { $0["source"].onDrop(of: String.self) { [lost] in lost.note($0) } }
    #expect(lost.entries.isEmpty)
  }

  private struct Late: Error {}

  @Test func `hears of an error that comes after the end`() throws {
    let time = VirtualTime()
    let late = Journal<String>()
    let flow = Flow<Int>.future {
      // Does not mind that it is cancelled.
      try? await time.sleep(for: .seconds(1))
      throw Late()
    }
    let subscription = time.asDefault {
      flow.onDiscard(of: (any Error).self) { error, reason in late.note("\(error) \(reason)") }.subscribe {
        _ in
      }
    }
    time.advance(by: .milliseconds(1))
    subscription.cancel()
    time.advance(by: .seconds(2))
    #expect(late.entries == ["Late() ended"])
  }

  @Test func `the first error that comes after the end and is not heard is said`() async throws {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      for _ in 0..<2 {
        let holder = Box<FlowSubscription?>(nil)
        let flow = Flow<Int> { _ in
          { _ in
            holder.value?.cancel()
            return holder.value == nil ? .pending : .failed(Late())
          }
        }
        holder.value = flow.subscribe { _ in }
        holder.value?.request(1)
      }
    }
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.split(separator: "\n").filter { $0.contains("Late()") }.count == 1)
  }

  @Test func `hears what a policy gives up`() throws {
    let source = TestFlow<Int>()
    let dropped = Journal<Int>()
    let seen = hearing(source.flow.buffer(2, whenFull: .dropOldest)).onDrop(of: Int.self) { dropped.note($0) }
      .record(in: VirtualTime(), demand: 0)
    source.send(1, 2, 3)
    #expect(lost.entries == ["1 policy"])
    #expect(dropped.entries == [1])
    seen.cancel()
    #expect(lost.entries == ["1 policy", "2 ended", "3 ended"])
    #expect(dropped.entries == [1])
  }

  @Test func `hears what a failure leaves behind`() throws {
    let flow = Flow.from(1...4).map { if $0 == 2 { throw MarbleError() } else { $0 } }
    let seen = hearing(flow).record(in: VirtualTime())
    try seen.expect(1)
    try seen.expectFailure()
    #expect(lost.entries == ["2 ended", "3 ended", "4 ended"])
  }

  @Test func `hears what the consumer leaves`() {
    let subscription = Box<FlowSubscription?>(nil)
    let source = TestFlow<Int>()
    subscription.value = hearing(source.flow).subscribe { _ in subscription.value?.cancel() }
    source.send(1, 2, 3)
    #expect(lost.entries == ["2 ended", "3 ended"])
  }

  @Test func `hears what a callback that throws leaves`() {
    let subscription = hearing(Flow.from(1...3)).subscribe { _ in throw MarbleError() }
    #expect(lost.entries == ["2 ended", "3 ended"])
    #expect(subscription.isEnded)
  }

  @Test func `hears what an async consumer leaves`() async throws {
    await #expect(throws: MarbleError.self) {
      try await hearing(Flow.from(1...3)).reduce(0) { _, _ in throw MarbleError() }
    }
    #expect(lost.entries == ["2 ended", "3 ended"])
  }

  @Test func `hears what was under way between two places`() {
    let place = ManualPlace()
    let source = TestFlow<Int>()
    let subscription = hearing(source.flow.receive(on: place, buffer: 4)).subscribe { _ in }
    place.run()
    source.send(1, 2)
    subscription.cancel()
    #expect(lost.entries == ["1 ended", "2 ended"])
  }

  @Test func `hears only values of its type, and those before it hear too`() {
    let words = Journal<String>()
    let flow = hearing(
      Flow.from(1...3).onDiscard(of: Int.self) { value, _ in words.note("near \(value)") }
        .map { "\($0)" }.onDiscard(of: String.self) { value, _ in words.note("string \(value)") })
    let subscription = flow.map { if $0 == "1" { throw MarbleError() } else { $0 } }.subscribe { _ in }
    #expect(words.entries.isEmpty)
    #expect(lost.entries.isEmpty)
    #expect(subscription.isEnded)
  }
}
