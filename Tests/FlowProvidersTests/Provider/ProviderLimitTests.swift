// How long a provider may keep somebody waiting.
import FlowHTTP
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite struct ProviderLimitTests {
  let time = VirtualTime()
  let source = TestFlow<HTTPPart>("response")

  private func record(_ limits: ProviderLimits, demand: FlowDemand = .unlimited) -> Recording<ChatEvent> {
    Chat.provider(PlayedTransport { [source] _ in source.flow }, limits: limits).stream(Chat.request)
      .record(in: time, demand: demand)
  }

  private func phase(of recording: Recording<ChatEvent>) -> ProviderError.Phase? {
    guard case .failed(let error)? = recording.end,
      case .timeout(let phase)? = (error as? ProviderError)?.kind
    else { return nil }
    return phase
  }

  private static func only(_ change: (inout ProviderLimits) -> Void) -> ProviderLimits {
    var limits = ProviderLimits.none
    change(&limits)
    return limits
  }

  private let comment = HTTPPart.body(": still here\n\n")

  @Test func `signs of life are no first token`() throws {
    let seen = record(Self.only { $0.firstToken = .seconds(10) })
    source.send(Chat.head)
    for _ in 0..<9 {
      time.advance(by: .seconds(1))
      source.send(comment)
    }
    #expect(seen.end == nil)
    time.advance(by: .milliseconds(999))
    #expect(seen.end == nil)
    time.advance(by: .milliseconds(1))
    #expect(phase(of: seen) == .firstToken)
    #expect(seen.elements.count == 9)
    try source.expectReleased()
  }

  @Test func `signs of life are no further token`() throws {
    let seen = record(Self.only { $0.betweenTokens = .seconds(10) })
    time.advance(by: .seconds(100))
    source.send(Chat.head, .body(Chat.token("a")))
    for _ in 0..<4 {
      time.advance(by: .seconds(9))
      source.send(.body(Chat.token("b")))
    }
    time.advance(by: .seconds(5))
    source.send(comment)
    time.advance(by: .milliseconds(4999))
    #expect(seen.end == nil)
    time.advance(by: .milliseconds(1))
    #expect(phase(of: seen) == .betweenTokens)
    #expect(ChatResponse(seen.elements).text == "abbbb")
  }

  @Test func `the total counts whatever comes`() throws {
    let seen = record(Self.only { $0.total = .seconds(10) })
    source.send(Chat.head)
    for _ in 0..<9 {
      time.advance(by: .seconds(1))
      source.send(.body(Chat.token("a")))
    }
    time.advance(by: .milliseconds(999))
    #expect(seen.end == nil)
    time.advance(by: .milliseconds(1))
    #expect(phase(of: seen) == .total)
    guard case .failed(let error)? = seen.end else { return }
    #expect((error as? ProviderError)?.emitted.text == 9)
  }

  @Test func `a slow consumer never uses a limit up`() throws {
    let limits = Self.only {
      $0.firstToken = .seconds(1)
      $0.betweenTokens = .seconds(1)
      $0.total = .seconds(2)
      $0.afterFinish = .seconds(1)
    }
    let seen = record(limits, demand: 1)
    source.send(Chat.head, .body(Chat.token("a") + Chat.token("b")))
    for count in 2...5 {
      time.advance(by: .seconds(1000))
      seen.request(1)
      #expect(seen.elements.count == count)
    }
    time.advance(by: .seconds(1000))
    #expect(seen.end == nil)
    // Now it waits.
    seen.request(1)
    time.advance(by: .milliseconds(999))
    #expect(seen.end == nil)
    time.advance(by: .milliseconds(1))
    #expect(phase(of: seen) == .betweenTokens)
  }

  @Test func `what comes in the moment of a limit wins`() throws {
    let seen = record(Self.only { $0.firstToken = .seconds(1) })
    source.send(Chat.head)
    time.at(.seconds(1)) { [source] in source.send(.body(Chat.body("a"))) }
    time.advance(by: .seconds(2))
    guard case .finished? = seen.end else { throw Missing("\(seen.events)") }
  }

  @Test func `a limit of nothing is refused`() throws {
    let changes: [(inout ProviderLimits, Duration) -> Void] = [
      { $0.connect = $1 }, { $0.firstByte = $1 }, { $0.firstToken = $1 }, { $0.betweenTokens = $1 },
      { $0.betweenBytes = $1 }, { $0.total = $1 }, { $0.afterFinish = $1 },
    ]
    for change in changes {
      for wrong in [Duration.zero, .seconds(-1)] {
        let seen = record(Self.only { change(&$0, wrong) })
        guard case .failed(let error)? = seen.end else { throw Missing("no failure") }
        #expect((error as? ProviderError)?.kind == .invalidRequest)
      }
    }
    #expect(source.subscriptions == 0)
  }

  @Test func `without limits nothing is too late`() throws {
    let seen = record(.none)
    time.advance(by: .seconds(1_000_000))
    source.send(Chat.head, .body(Chat.token("a")))
    time.advance(by: .seconds(1_000_000))
    source.send(.body(Chat.body("b")))
    source.finish()
    guard case .finished? = seen.end else { throw Missing("\(seen.events)") }
  }
}
