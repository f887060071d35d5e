// All but the first elements.
import FlowTesting
import Flows
import Testing

@Suite struct DropFirstTests {
  @Test func `drops the first elements`() throws {
    try marbles(
      """
      source        -a-b-c-d-|
      dropFirst(2)  -----c-d-|
      """
    ) { $0["source"].dropFirst(2) }
  }

  @Test func `makes up for what it drops`() throws {
    try marbles(
      """
      source        -a-b-c-d-|
      dropFirst(2)  -----c----(d|)
      demand        1---------1
      asked source  11-1------1
      """
    ) { $0["source"].dropFirst(2) }
  }

  @Test func `drops within one batch and across batches`() async throws {
    #expect(try await Flow.from(1...10).dropFirst(3).reduce(0, +) == 49)
    #expect(try await Flow.from(1...1000).dropFirst(999).reduce(0, +) == 1000)
    let last = try await Flow.from(1...1000).map { String($0) }.dropFirst(998).collect()
    #expect(last == ["999", "1000"])
  }

  @Test func `drops nothing when it is told so`() throws {
    try marbles(
      """
      source        -a-|
      dropFirst(0)  -a-|
      """
    ) { $0["source"].dropFirst(0) }
  }

  @Test func `passes on an end that comes before`() throws {
    try marbles(
      """
      source        -a-#
      dropFirst(2)  ---#
      """
    ) { $0["source"].dropFirst(2) }
  }

  @Test func `traps on a negative count`() async {
    await #expect(processExitsWith: .failure) { _ = Flow.just(1).dropFirst(-1) }
  }
}
