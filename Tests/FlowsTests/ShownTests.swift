// Tests that the documentation shows, letter for letter.
import FlowTesting
import Flows
import Testing

@Suite struct SearchTests {
  @Test func `asks when the typing stops`() throws {
    try marbles(
      """
      typed     -s-w-i-----f-|
      debounce  --------i----(f|)
      """
    ) { $0["typed"].debounce(for: .milliseconds(3)) }
  }
}
