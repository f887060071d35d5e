// Calls to an object.
import FlowTesting
import Testing

@testable import Flows

@Suite struct DelegateTests {
  final class Listener: FlowDelegate {
    let seen = Box<[Int]>([])
    let ends = Counter()
    func flowDelivered(_ element: Int) throws { seen.value += [element] }
    func flowEnded(_ end: FlowEnd) { ends.add() }
  }

  let source = TestFlow<Int>()

  @Test func `is told what is delivered, and the end`() throws {
    let listener = Listener()
    let subscription = source.flow.subscribe(delegate: listener)
    source.send(1, 2)
    source.finish()
    #expect(listener.seen.value == [1, 2])
    #expect(listener.ends.count == 1)
    withExtendedLifetime(subscription) {}
    try source.expectReleased()
  }

  @Test func `when it is gone the run is cancelled with the next element`() throws {
    var listener: Listener? = Listener()
    let seen = listener!.seen
    let subscription = source.flow.subscribe(delegate: listener!)
    source.send(1)
    listener = nil
    source.send(2)
    #expect(seen.value == [1])
    withExtendedLifetime(subscription) {}
    try source.expectReleased()
  }
}
