// Stops where it becomes interesting.
import FlowTesting
import Flows
import Testing

@Suite struct BreakpointTests {
  @Test func `changes nothing while nobody says so`() throws {
    try marbles(
      """
      source      -a-b-|
      breakpoint  -a-b-|
      """
    ) {
      $0["source"].breakpoint(
        receiveSubscription: { false }, receiveOutput: { $0 == "c" }, receiveCompletion: { _ in false })
    }
    try marbles(
      """
      source             -a-b-|
      breakpointOnError  -a-b-|
      """
    ) { $0["source"].breakpointOnError() }
  }

  @Test func `stops when somebody says so`() async {
    await #expect(processExitsWith: .failure) {
      _ = Flow.from(1...3).breakpoint(receiveOutput: { $0 == 2 }).subscribe { _ in }
    }
    await #expect(processExitsWith: .failure) {
      _ = Flow.just(1).breakpoint(receiveSubscription: { true }).subscribe { _ in }
    }
    await #expect(processExitsWith: .failure) {
      _ = Flow.just(1).breakpoint(receiveCompletion: { _ in true }).subscribe { _ in }
    }
    await #expect(processExitsWith: .failure) {
      _ = Flow<Int>.fail(MarbleError()).breakpointOnError().subscribe { _ in }
    }
  }
}
