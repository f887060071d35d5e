// Streams of the standard library.
import FlowTesting
import Flows
import Testing

@Suite struct AsyncStreamsTests {
  private let source = TestFlow<Int>()

  @Test func `delivers what comes, and the end`() async throws {
    let stream = source.flow.asyncThrowingStream(buffering: .unbounded)
    source.send(1, 2, 3)
    source.finish()
    #expect(try await stream.reduce(into: []) { $0.append($1) } == [1, 2, 3])
    try source.expectReleased()
  }

  @Test func `fails after what waits`() async throws {
    let stream = source.flow.asyncThrowingStream(buffering: .unbounded)
    source.send(1)
    source.fail()
    var iterator = stream.makeAsyncIterator()
    #expect(try await iterator.next() == 1)
    await #expect(throws: MarbleError.self) { _ = try await iterator.next() }
  }

  @Test func `drops what the policy says`() async throws {
    let stream = source.flow.asyncThrowingStream(buffering: .bufferingNewest(2))
    #expect(source.asked == .max)
    source.send(1, 2, 3, 4)
    source.finish()
    #expect(try await stream.reduce(into: []) { $0.append($1) } == [3, 4])
  }

  @Test func `lets the source go when it is let go`() throws {
    var stream: AsyncThrowingStream<Int, any Error>? = source.flow.asyncThrowingStream(buffering: .unbounded)
    #expect(source.isActive && stream != nil)
    stream = nil
    try source.expectReleased()
  }

  @Test func `one that cannot fail tells somebody else`() async {
    let errors = Journal<String>()
    let stream = source.flow.asyncStream(buffering: .unbounded) { errors.note("\(type(of: $0))") }
    source.send(1)
    source.fail()
    #expect(await stream.reduce(into: []) { $0.append($1) } == [1])
    #expect(errors.entries == ["MarbleError"])
  }
}
