// Room: what is lent, what is delivered, what is left when a closure throws.
import Testing

@testable import Flows

@Suite struct ChunkTests {
  private struct Refusal: Error {}

  @Test func `lends without limit what is left of a chunk that holds something`() {
    Chunk<Int>.scratch(4) { room in
      room.append(1)
      let lent = room.lend(atMost: .max) { $0.room }
      #expect(lent == 3)
      let left = room.room
      #expect(left == 3)
    }
  }

  @Test func `lends no more than it has and no less than nothing`() {
    Chunk<Int>.scratch(4) { room in
      room.append(1)
      let lent = [2, 9, -1].map { limit in room.lend(atMost: limit) { $0.room } }
      #expect(lent == [2, 3, 0])
      let left = room.room
      #expect(left == 3)
    }
  }

  @Test func `a negative demand lends no room`() {
    Chunk<Int>.scratch(-5) { room in
      _ = Flow.from([1, 2]).start(in: Run(.standard).context)(&room)
      let (left, count) = (room.room, room.count)
      #expect(left == 0)
      #expect(count == 0)
    }
  }

  @Test func `what a filter refuses and what comes after is handed over by name`() {
    Chunk<String>.scratch(4) { room in
      for element in ["a", "b", "c", "d"] { room.append(element) }
      var discarded: [String] = []
      #expect(throws: Refusal.self) {
        try room.keep(from: 1) {
          if $0 == "c" { throw Refusal() }
          return true
        } discard: {
          discarded.append($0)
        }
      }
      #expect(discarded == ["c", "d"])
      let kept = [room.next(), room.next(), room.next()]
      #expect(kept == ["a", "b", nil])
    }
  }
}
