// What makes demand exact.
import Flows
import Testing

@Suite struct RoomTests {
  @Test func `a full room takes nothing`() async {
    await #expect(processExitsWith: .failure) {
      Chunk<Int>.scratch(1) { room in
        room.append(1)
        room.append(2)
      }
    }
  }
}
