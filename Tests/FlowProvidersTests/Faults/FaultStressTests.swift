// A thousand failures leave nothing behind.
import FlowHTTP
import FlowProviders
import Flows
import HTTPTestKit
import Testing

@Suite(.timeLimit(.minutes(10)), .serialized) struct FaultStressTests {
  @Test func `a thousand rounds of every fault leak no descriptor`() async throws {
    let length = FaultTests.body.count
    let server = try FaultServer { connection in
      while true {
        let number = Int(try connection.readRequest().target.split(separator: "/").first ?? "") ?? 0
        let place = number % length
        let fault: Fault =
          switch number % 10 {
          case 0: .cut(at: place)
          case 1: .reset(at: place)
          case 2, 3: .stall(at: place)
          case 4: .split(at: place)
          case 5: .page(status: 502)
          case 6: .tooManyRequests(retryAfter: "1")
          case 7: .errorBody(#"{"error":"no"}"#)
          default: .none
          }
        try connection.answer(FaultTests.body, type: "text/event-stream", fault: fault)
      }
    }
    var short = ProviderLimits()
    short.firstToken = .milliseconds(5)
    short.betweenTokens = .milliseconds(5)
    short.afterFinish = .milliseconds(5)
    var options = CurlTransport.Options()
    options.proxy = .none
    let transport = CurlTransport(options)
    let limits = short
    func round(_ number: Int) async throws -> Bool {
      let isLeft = number % 10 == 3
      let provider = Chat.provider(
        transport, base: server.url + "/\(number)", limits: isLeft ? .none : limits)
      let witness = provider.stream(Chat.request).witness()
      // One in ten is left in the middle.
      if isLeft {
        try await server.log.until { $0.requests.last?.target.hasPrefix("/\(number)/") == true }
        witness.cancel()
        return false
      }
      return try await witness.end().isFinished
    }
    for number in 0..<20 { _ = try await round(number) }
    try await server.log.until { $0.open <= 1 }
    let before = openDescriptors()
    var finished = 0
    for number in 20..<1020 where try await round(number) { finished += 1 }
    #expect(finished > 200)
    try await server.log.until { $0.open <= 1 }
    // Other tests have descriptors of their own.
    #expect(openDescriptors() < before + 100)
    await transport.shutDown()
    try await server.log.until { $0.open == 0 }
  }
}
