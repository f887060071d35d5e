// The body of a response that was accepted, and the error that one is that was not.
import FlowHTTP
import FlowTesting
import Flows
import Testing

@Suite struct BodyTests {
  static let ok = HTTPPart.head(HTTPHead(status: 200))
  static let refused = HTTPPart.head(HTTPHead(status: 429, headers: ["Retry-After": "7"]))

  @Test func `delivers the body of a response that says success`() throws {
    try marbles(
      """
      parts  -H-a-b-|
      body   ---A-B-|
      """,
      values: ["H": Self.ok, "a": HTTPPart.body("1"), "b": HTTPPart.body("2")],
      results: ["A": "1" as Bytes, "B": "2" as Bytes]
    ) { $0.values("parts", as: HTTPPart.self).body() }
  }

  @Test func `fails with the head and the body of one that does not`() throws {
    let time = VirtualTime()
    let source = TestFlow<HTTPPart>()
    let seen = source.flow.body().record(in: time, demand: 1)
    source.send(Self.refused, .body("too "), .body("many"))
    try seen.expectNothing()
    source.finish()
    let error = try seen.expectFailure(HTTPStatusError.self)
    #expect(error.response.head.status == 429)
    #expect(error.response.head.headers["retry-after"] == "7")
    #expect(error.response.body == "too many")
    #expect("\(error)" == "the server answered 429: too many")
    try seen.done()
    try source.expectReleased()
  }

  @Test func `keeps no more of it than was asked for, and lets go then`() throws {
    let time = VirtualTime()
    let source = TestFlow<HTTPPart>()
    let seen = source.flow.body(keeping: 5).record(in: time)
    source.send(Self.refused, .body("123"), .body("4567"))
    #expect(try seen.expectFailure(HTTPStatusError.self).response.body == "12345")
    #expect(source.cancellations == 1)
    try source.expectReleased()
  }

  @Test func `what came of a refusal counts more than how it broke off`() throws {
    let time = VirtualTime()
    let source = TestFlow<HTTPPart>()
    let seen = source.flow.body().record(in: time)
    source.send(Self.refused, .body("half"))
    source.fail(HTTPError.closed("cut"))
    #expect(try seen.expectFailure(HTTPStatusError.self).response.body == "half")
  }

  @Test func `a failure of the exchange is passed on`() throws {
    let time = VirtualTime()
    let source = TestFlow<HTTPPart>()
    let seen = source.flow.body().record(in: time)
    source.send(Self.ok, .body("half"))
    source.fail(HTTPError.closed("cut"))
    try seen.expect("half")
    #expect(try seen.expectFailure(HTTPError.self) == .closed("cut"))
  }

  @Test func `what is accepted can be chosen`() throws {
    let time = VirtualTime()
    let source = TestFlow<HTTPPart>()
    let seen = source.flow.body(if: { $0.status == 429 }).record(in: time)
    source.send(Self.refused, .body("fine"))
    source.finish()
    try seen.expect("fine")
    try seen.expectFinished()
  }

  @Test func `asks for a part for each that it was asked for, and for the head`() throws {
    let time = VirtualTime()
    let source = TestFlow<HTTPPart>()
    let seen = source.flow.body().record(in: time, demand: 2)
    #expect(source.asked == 2)
    source.send(Self.ok)
    #expect(source.asked == 2)
    source.send(.body("1"), .body("2"))
    #expect(source.asked == 0)
    try seen.expect("1", "2")
    seen.cancel()
    try source.expectReleased()
  }
}
