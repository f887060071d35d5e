// A source that wakes its run before there is a stage.
import FlowTesting
import Flows
import Testing

@Suite struct EarlyWakeTests {
  let eager = Flow<Int> { context in
    context.scope.wake()
    var isOver = false
    return { room in
      if isOver { return .finished }
      if room.isFull { return .pending }
      room.append(7)
      isOver = true
      return .more
    }
  }

  @Test func `is not lost by a subscription`() throws {
    let seen = eager.record(in: VirtualTime())
    try seen.expect(7)
    try seen.expectFinished()
    try seen.done()
  }

  @Test func `is not lost by an iterator`() throws {
    let elements = try VirtualTime().run { [eager] in
      var elements: [Int] = []
      for try await element in eager.values { elements.append(element) }
      return elements
    }
    #expect(elements == [7])
  }
}
