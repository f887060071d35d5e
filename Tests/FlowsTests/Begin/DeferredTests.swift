// A flow that is chosen when it is run.
import FlowTesting
import Flows
import Testing

@Suite struct DeferredTests {
  @Test func `runs the flow that is made`() throws {
    try marbles(
      """
      made      -a-b-c-|
      deferred  -a-b-c-|
      """
    ) { sources in
      let made = sources["made"]
      return .deferred { made }
    }
  }

  @Test func `asks the flow that is made for what it is asked for`() throws {
    try marbles(
      """
      made        -a-b-c-|
      demand      1----1--
      deferred    -a---b--
      asked made  1----1--
      cancel      -------!
      """
    ) { sources in
      let made = sources["made"]
      return .deferred { made }
    }
  }

  @Test func `makes a flow per run, when it begins`() throws {
    let calls = Counter()
    let flow = Flow.deferred {
      calls.add()
      return .just(calls.count)
    }
    #expect(calls.count == 0)
    for run in 1...2 { try flow.record(in: VirtualTime()).expect(run) }
  }

  @Test func `an error fails the flow`() throws {
    let seen = Flow<Int>.deferred { throw MarbleError() }.record(in: VirtualTime(), demand: 0)
    try seen.expectFailure(MarbleError.self)
    try seen.done()
  }
}
