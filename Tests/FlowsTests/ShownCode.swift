// What the documents show, letter for letter, and the proof that it does what they say.
import Testing

@testable import Flows

extension Flow {
  func everyOther() -> Flow {
    Flow { context in
      let upstream = start(in: context)
      var isOdd = false
      return { room in
        let start = room.count
        let poll = upstream(&room)
        room.keep(from: start) { _ in
          isOdd.toggle()
          return isOdd
        } discard: {
          context.discard($0)
        }
        return poll
      }
    }
  }
}

extension Flow {
  @inlinable @inline(__always)
  func paired<Output>(
    with transform: @escaping @Sendable (Element) throws -> Output
  ) -> Flow<(Element, Output)> {
    lift { input, output in
      try output.append(draining: &input) { ($0, try transform($0)) }
    }
  }
}

extension Flow {
  func orSilence(after interval: Duration) -> Flow<Element?> {
    Flow<Element?> { context in
      let upstream = start(in: context)
      let silence = context.alarm()
      silence.set(after: interval)
      return { room in
        let poll = Chunk<Element>.scratch(room.room) { input in
          let poll = upstream(&input)
          if !input.isEmpty { silence.set(after: interval) }
          while let element = input.next() { room.append(element) }
          return poll
        }
        if !poll.isTerminal, !room.isFull, silence.isDue {
          silence.clear()
          room.append(nil)
        }
        return poll
      }
    }
  }
}

@Suite struct ShownCode {
  @Test func `every other element`() async throws {
    #expect(try await Flow.from(1...9).everyOther().reduce(0, +) == 25)
  }

  @Test func `each element with what was made of it`() async throws {
    let squares = Flow.from(1...3).paired { $0 * $0 }
    #expect(try await squares.reduce(into: []) { $0.append("\($1)") } == ["(1, 1)", "(2, 4)", "(3, 9)"])
  }
}
