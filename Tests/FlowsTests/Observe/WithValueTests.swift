// Values from consumers for producers.
import FlowTesting
import Flows
import Testing

@Suite struct WithValueTests {
  enum RequestID: FlowContextKey { static let defaultValue = "none" }
  enum Attempts: FlowContextKey { static let defaultValue = 1 }

  private let asked = Flow.reading(RequestID.self) { id in
    Flow.reading(Attempts.self) { attempts in .just("\(id) \(attempts)") }
  }

  @Test func `changes nothing that passes`() throws {
    try marbles(
      """
      source     -a-b-|
      withValue  -a-b-|
      """
    ) { $0["source"].withValue("x", for: RequestID.self) }
  }

  @Test func `starts the flow that is made of a value`() throws {
    try marbles(
      """
      flow     -a-b-|
      reading  -a-b-|
      """
    ) { sources in
      let flow = sources["flow"]
      return .reading(RequestID.self) { _ in flow }
    }
  }

  @Test func `lets upstream see it`() async throws {
    let flow = asked.map { $0 }.withValue("42", for: RequestID.self)
    #expect(try await flow.first() == "42 1")
    #expect(try await flow.withValue(3, for: Attempts.self).first() == "42 3")
    #expect(try await asked.first() == "none 1")
  }

  @Test func `gives way to the value that is nearer`() async throws {
    let flow = asked.withValue("near", for: RequestID.self).withValue("far", for: RequestID.self)
    #expect(try await flow.first() == "near 1")
  }

  @Test func `reaches through joins and places`() async throws {
    let place = SystemScheduler()
    let flow = asked.subscribe(on: place).flatMap(maxConcurrent: 2) { .just($0) }.receive(
      on: place, buffer: 2
    )
    .share().withValue("42", for: RequestID.self)
    #expect(try await flow.first() == "42 1")
    place.stop()
  }

  @Test func `fails when nothing can be made of it`() async throws {
    let flow = Flow<Int>.reading(RequestID.self) { _ in throw MarbleError() }
    await #expect(throws: MarbleError.self) { try await flow.collect() }
  }
}
