// What a flow is about.
import FlowTesting
import Flows
import Testing

@Suite struct TaggedTests {
  /// What a source at the top of the chain sees.
  private func tags(_ chain: (Flow<[String: String]>) -> Flow<[String: String]>) -> [String: String]? {
    let source = Flow<[String: String]> { context in
      let tags = context.tags
      return { room in
        if room.isFull { return .more }
        room.append(tags)
        return .finished
      }
    }
    return chain(source).record(in: VirtualTime()).elements.first
  }

  @Test func `changes nothing that passes`() throws {
    try marbles(
      """
      source  -a-b-|
      tagged  -a-b-|
      """
    ) { $0["source"].tagged("key", "value") }
  }

  @Test func `is seen upstream, and adds up`() {
    #expect(tags { $0 } == [:])
    #expect(tags { $0.tagged("a", "1").map { $0 }.tagged("b", "2") } == ["a": "1", "b": "2"])
  }

  @Test func `the nearer value counts`() {
    #expect(tags { $0.tagged("a", "near").tagged("a", "far") } == ["a": "near"])
  }
}
