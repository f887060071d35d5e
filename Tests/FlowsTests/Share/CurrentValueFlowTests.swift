// A value that changes.
import FlowTesting
import Flows
import Testing

@Suite struct CurrentValueFlowTests {
  /// A value that is set to what a source delivers.
  private func following(_ source: Flow<String>, from first: String) -> Flow<String> {
    let value = CurrentValueFlow(first)
    return Flow { context in
      let stage = value.flow.start(in: context)
      let feed = source.subscribe {
        value.value = $0
      } onEnd: { end in
        if case .failed(let error) = end { value.fail(error) } else { value.finish() }
      }
      context.onEnd { feed.cancel() }
      return stage
    }
  }

  @Test func `begins with the value and follows it`() throws {
    try marbles(
      """
      set   --b-c-|
      flow  a-b-c-|
      """
    ) { following($0["set"], from: "a") }
  }

  @Test func `delivers only the latest value`() throws {
    try marbles(
      """
      set     --b-c----d-#
      flow    a-------cd-#
      demand  1-------2
      """
    ) { following($0["set"], from: "a") }
  }

  @Test func `has a value to read and to change`() throws {
    let time = VirtualTime()
    let count = CurrentValueFlow(1)
    let seen = count.flow.record(in: time)
    count.value += 1
    #expect(count.value == 2)
    #expect(
      count.update { number in
        number += 10; return "\(number)"
      } == "12")
    try seen.expect(1, 2, 12)
  }

  @Test func `does not change after its end`() throws {
    let time = VirtualTime()
    let count = CurrentValueFlow(1)
    count.value = 2
    count.finish()
    count.value = 3
    #expect(count.value == 2)
    #expect(count.update { $0 += 1 } == nil)
    let late = count.flow.record(in: time)
    try late.expect(2)
    try late.expectFinished()
  }

  @Test func `changes in one step, whatever happens meanwhile`() {
    let count = CurrentValueFlow(1)
    let calls = Box(0)
    count.update { number in
      if calls.change({
        $0 += 1; return $0
      }) == 1 {
        count.value = 10
      }
      number += 1
    }
    #expect(count.value == 11)
    #expect(calls.value == 2)
  }

  @Test func `completes when it is let go`() throws {
    let time = VirtualTime()
    var value: CurrentValueFlow<Int>? = CurrentValueFlow(1)
    let seen = value?.flow.record(in: time)
    value = nil
    try seen?.expect(1)
    try seen?.expectFinished()
  }

  @Test func `keeps only the value that is`() throws {
    let held = LiveCount()
    let value = CurrentValueFlow(held.token())
    let one = value.flow.subscribe(demand: 0) { _ in }
    for _ in 0..<10 { value.value = held.token() }
    #expect(held.live == 1)
    one.cancel()
  }
}
