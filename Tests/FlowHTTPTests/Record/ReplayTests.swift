// What was recorded is played as it was.
import FlowHTTP
import FlowTesting
import Flows
import HTTPTestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct ReplayTests {
  static let request = HTTPRequest("GET", "http://a/b?x=1", limits: .none)
  static let ok = HTTPHead(status: 200)

  private func recording(_ requests: [(String, Bytes)]) -> HTTPRecording {
    HTTPRecording(
      requests.map { url, body in
        HTTPRecording.Exchange(HTTPRequest("GET", url), pieces: [body], every: .seconds(1))
      })
  }

  @Test func `a recording of a real exchange plays the same pieces`() async throws {
    let body: Bytes = "data: Grüße\n\ndata: more\n\n"
    let server = try FaultServer(body, fault: .drip)
    let written = Watched<[HTTPRecording.Exchange]>([])
    let recorder = RecordingTransport(CurlTransport.test()) { exchange in
      written.change { $0.append(exchange) }
    }
    let request = HTTPRequest("GET", server.url + "/x?key=verysecret", headers: ["X-Api-Key": "verysecret"])
    let first = try await recorder.exchange(request).witness().end()
    #expect(first.isFinished)
    let recording = HTTPRecording(try await written.until { $0.count == 1 })
    #expect(!String(recording.text).contains("verysecret"))
    let played = try HTTPRecording(reading: recording.text)
    #expect(played.exchanges[0].events.count == first.elements.count + 1)

    let time = VirtualTime()
    let replay = ReplayTransport(played)
    let again = try time.run {
      try await replay.exchange(request).reduce(into: [HTTPPart]()) { $0.append($1) }
    }
    #expect(again == first.elements)
    // As long as it took, to the microsecond that is written down.
    #expect(FlowInstant(nanoseconds: 0).duration(to: time.now) == played.exchanges[0].events.last?.offset)
  }

  @Test func `pieces come at their moments, in the time of the run`() throws {
    let time = VirtualTime()
    let replay = ReplayTransport(recording([("http://a/b", "one")]))
    let seen = replay.exchange(Self.request).record(in: time)
    try seen.expect(.head(Self.ok), at: .zero)
    try seen.expectNothing()
    time.advance(by: .seconds(5))
    try seen.expect(.body("one"), at: .seconds(1))
    try seen.expectFinished(at: .seconds(2))
    try seen.done()
    #expect(time.pendingTimers == 0)
  }

  @Test func `all comes at once, or faster, when that is asked for`() throws {
    let time = VirtualTime()
    let slow = recording([("http://a/b", "one")])
    let atOnce = ReplayTransport(slow, timing: .immediate).exchange(Self.request).record(in: time)
    try atOnce.expect(.head(Self.ok), .body("one"), at: .zero)
    try atOnce.expectFinished(at: .zero)
    let faster = ReplayTransport(slow, timing: .faster(by: 4)).exchange(Self.request).record(in: time)
    time.advance(by: .seconds(1))
    try faster.expect(.head(Self.ok), at: .zero)
    try faster.expect(.body("one"), at: .milliseconds(250))
    try faster.expectFinished(at: .milliseconds(500))
  }

  @Test func `a consumer that asks late gets what is due at once, and the end without asking`() throws {
    let time = VirtualTime()
    let replay = ReplayTransport(recording([("http://a/b", "one")]))
    let seen = replay.exchange(Self.request).record(in: time, demand: 0)
    time.advance(by: .seconds(10))
    try seen.expectNothing()
    seen.request(1)
    try seen.expect(.head(Self.ok), at: .seconds(10))
    time.advance(by: .seconds(10))
    seen.request(1)
    try seen.expect(.body("one"), at: .seconds(20))
    try seen.expectFinished(at: .seconds(20))
    try seen.done()
  }

  @Test func `requests are answered by address, each run by the next exchange`() throws {
    let time = VirtualTime()
    let all = recording([("http://a/b?other", "1"), ("http://a/c", "2"), ("http://a/b", "3")])
    let replay = ReplayTransport(all, timing: .immediate)
    func body(_ url: String, of replay: ReplayTransport) throws -> [Bytes] {
      replay.exchange(HTTPRequest("GET", url)).body().record(in: time).elements
    }
    #expect(try body("http://a/b", of: replay) == ["1"])
    #expect(try body("http://a/b?x", of: replay) == ["3"])
    #expect(try body("http://a/b", of: replay) == ["3"])
    #expect(try body("http://a/c", of: replay) == ["2"])
    let seen = replay.exchange(HTTPRequest("POST", "http://a/c?key=secret")).record(in: time)
    let error = try seen.expectFailure(HTTPError.self)
    #expect(error == .connect("the recording has no answer to POST http://a/c"))
    let inOrder = ReplayTransport(all, timing: .immediate, matching: .order)
    #expect(try (0..<4).map { try body("http://x/\($0)", of: inOrder) } == [["1"], ["2"], ["3"], ["3"]])
  }

  @Test func `limits on time hold for a recording too`() throws {
    let time = VirtualTime()
    let exchange = HTTPRecording.Exchange(
      HTTPRequest("GET", "http://a/b"),
      [.init(after: .seconds(2), .head(Self.ok)), .init(after: .seconds(20), .body("late"))])
    let replay = ReplayTransport(HTTPRecording([exchange]))
    func end(_ limits: HTTPLimits) throws -> HTTPError? {
      let request = HTTPRequest("GET", "http://a/b", limits: limits)
      let seen = replay.exchange(request).record(in: time)
      time.advance(by: .seconds(100))
      if case .failed(let error) = seen.end { return error as? HTTPError } else { return nil }
    }
    #expect(try end(HTTPLimits(firstByte: .seconds(1))) == .timeout(.firstByte, after: .seconds(1)))
    #expect(try end(HTTPLimits(betweenBytes: .seconds(9))) == .timeout(.betweenBytes, after: .seconds(9)))
    #expect(try end(HTTPLimits(total: .seconds(19))) == .timeout(.total, after: .seconds(19)))
    // It was written down without an end.
    #expect(try end(.none) == .closed("the recording ends here: its consumer left"))
    #expect(time.pendingTimers == 0)
  }

  @Test func `what was left, and what failed, is written down as such`() async throws {
    let server = try FaultServer("0123456789", fault: .stall(at: 5))
    let written = Watched<[HTTPRecording.Exchange]>([])
    let recorder = RecordingTransport(CurlTransport.test()) { exchange in
      written.change { $0.append(exchange) }
    }
    let witness = recorder.exchange(HTTPRequest("GET", server.url)).witness()
    try await witness.elements(2)
    witness.cancel()
    let left = try await written.until { $0.count == 1 }[0]
    #expect(left.events.last?.what == .end(.left))
    #expect(left.events.dropFirst().first?.what == .body("01234"))

    let cutting = try FaultServer("0123456789", fault: .cut(at: 5))
    _ = try await recorder.exchange(HTTPRequest("GET", cutting.url)).witness().end()
    let failed = try await written.until { $0.count == 2 }[1]
    guard case .end(.failed(.closed)) = failed.events.last?.what else {
      Issue.record("\(failed.events)")
      return
    }
    // A run that never asked for anything was no exchange.
    recorder.exchange(HTTPRequest("GET", server.url)).witness(demand: 0).cancel()
    #expect(written.value.count == 2)
  }

  @Test func `recording asks for no more than it is asked for`() throws {
    struct Scripted: HTTPTransport {
      let source: TestFlow<HTTPPart>
      func exchange(_ request: HTTPRequest) -> Flow<HTTPPart> { source.flow }
    }
    let time = VirtualTime()
    let source = TestFlow<HTTPPart>()
    let recorder = RecordingTransport(Scripted(source: source)) { _ in }
    let seen = recorder.exchange(Self.request).record(in: time, demand: 1)
    #expect(source.asked == 1)
    source.send(.head(Self.ok), .body("x"))
    try seen.expect(.head(Self.ok))
    #expect(source.askedInTotal == 1)
    seen.cancel()
    try seen.done()
    try source.expectReleased()
  }
}
