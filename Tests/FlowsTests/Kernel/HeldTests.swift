// What a stage holds between two polls.
import FlowTesting
import Testing

@testable import Flows

@Suite struct HeldTests {
  private let discards = Journal<String>()
  private let context: FlowContext

  init() {
    let discards = discards
    context = FlowContext(scope: Scope(), environment: .standard).with {
      $0.discardHook = { value, reason in discards.note("\(value) \(reason)") }
    }
  }

  private func held(_ elements: Int...) -> Held<Int> {
    let held = Held<Int>(context)
    for element in elements { held.append(element) }
    return held
  }

  /// What `body` puts into room for so many elements.
  private func room(_ count: Int, _ body: (inout Chunk<Int>) -> Void) -> [Int] {
    Chunk<Int>.scratch(count) { room in
      body(&room)
      var elements: [Int] = []
      while let element = room.next() { elements.append(element) }
      return elements
    }
  }

  @Test func `gives its elements back in order, from either end`() {
    let held = held(1, 2, 3, 4)
    #expect(held.count == 4 && !held.isEmpty)
    #expect(held.next() == 1)
    #expect(held.last() == 4)
    #expect(held.take(9) == [2, 3])
    #expect(held.isEmpty && held.next() == nil && held.last() == nil)
    #expect(discards.entries == [])
  }

  @Test func `fills room, and no more than it is told`() {
    let held = held(1, 2, 3, 4, 5, 6)
    #expect(room(2) { held.drain(into: &$0) } == [1, 2])
    #expect(room(9) { held.drain(atMost: 1, into: &$0) } == [3])
    #expect(room(0) { held.drain(into: &$0) } == [])
    #expect(room(9) { held.drain(into: &$0) } == [4, 5, 6])
  }

  @Test func `is filled by an upstream, which is asked for no more than it is told`() {
    let asked = Counter()
    let held = held(1)
    let poll = held.fill(atMost: 3) { room in
      asked.add(room.room)
      room.append(2)
      room.append(3)
      return .pending
    }
    #expect(asked.count == 3 && !poll.asksAgain && !poll.isTerminal)
    #expect(held.take(9) == [1, 2, 3])
  }

  @Test func `what is replaced is given up by policy`() {
    let held = held(1, 2)
    held.replace(with: 3)
    #expect(held.take(9) == [3])
    #expect(discards.entries == ["1 policy", "2 policy"])
  }

  @Test func `delivers when there is room and nothing waits, else holds the newest alone`() {
    let held = held()
    #expect(room(1) { held.deliver(1, into: &$0) } == [1])
    #expect(room(0) { held.deliver(2, into: &$0) } == [])
    #expect(room(1) { held.deliver(3, into: &$0) } == [])
    #expect(held.take(9) == [3])
    #expect(discards.entries == ["2 policy"])
  }

  @Test func `what it still holds when it is let go is discarded by name, in order`() {
    do { _ = held(1, 2) }
    #expect(discards.entries == ["1 ended", "2 ended"])
  }

  @Test func `in a stage that is let go loses nothing without a word, however the run ends`() throws {
    for ends in [true, false] {
      let source = TestFlow<Int>()
      let heard = Discards()
      let keeping = Flow<Int> { context in
        let upstream = source.flow.start(in: context)
        let held = Held<Int>(context)
        return { _ in held.fill(atMost: 9, from: upstream) }
      }
      let subscription = keeping.telling(heard).subscribe { _ in }
      source.send(1, 2)
      if ends { source.fail() } else { subscription.cancel() }
      #expect(heard.all(.ended) == ["1", "2"])
      try source.expectReleased()
    }
  }
}
