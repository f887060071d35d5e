// What the documents show, letter for letter.
import Flows
import Testing

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

@Suite struct ShownCode {
  @Test func `every other element`() async throws {
    #expect(try await Flow.from(1...9).everyOther().reduce(0, +) == 25)
  }
}
