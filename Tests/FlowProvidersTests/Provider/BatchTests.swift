// Many requests, a bounded number of them at a time.
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite struct BatchTests {
  let time = VirtualTime()

  /// Answers each request with its prompt, after as many milliseconds as the function says, and counts.
  private struct Slow: ChatProvider {
    let name = "slow"
    let inFlight: Latest<(now: Int, most: Int, begun: Int)>
    let delay: @Sendable (Int) -> Int

    init(delay: @escaping @Sendable (Int) -> Int) {
      inFlight = Latest()
      inFlight.value = (0, 0, 0)
      self.delay = delay
    }

    func stream(_ request: ChatRequest) -> Flow<ChatEvent> {
      let text = request.messages[0].text
      let number = Int(text) ?? 0
      return Flow<ChatEvent>.deferred {
        inFlight.change {
          $0.now += 1
          $0.begun += 1
          $0.most = max($0.most, $0.now)
        }
        let answer = ChatResponse(text: text)
        let events: Flow<ChatEvent> =
          number % 7 == 3
          ? .fail(ProviderError(.overloaded, "no \(number)")) : Flow.just(answer).asEvents()
        return Flow<FlowTick>.timer(after: .milliseconds(delay(number))).concatMap { _ in events }
      }
      .finally { _ in inFlight.change { $0.now -= 1 } }
    }
  }

  private func requests(_ count: Int) -> [ChatRequest] {
    (0..<count).map { ChatRequest(model: "m", prompt: "\($0)") }
  }

  private func texts(_ answers: [BatchAnswer]) -> [String] {
    answers.map { "\($0.index):" + ((try? $0.get().text) ?? "failed") }
  }

  private func expected(_ numbers: some Sequence<Int>) -> [String] {
    numbers.map { $0 % 7 == 3 ? "\($0):failed" : "\($0):\($0)" }
  }

  @Test func `a thousand requests, at most sixteen at a time, in order, whatever fails`() throws {
    let provider = Slow { ($0 * 37) % 101 + 1 }
    let seen = provider.batch(requests(1000), maxInFlight: 16).record(in: time)
    time.run()
    #expect(texts(seen.elements) == expected(0..<1000))
    try #require(seen.violations.isEmpty)
    guard case .finished? = seen.end else { throw Missing("\(String(describing: seen.end))") }
    #expect(provider.inFlight.value?.most == 16)
    #expect(provider.inFlight.value?.now == 0)
    // 51 milliseconds on average, sixteen at a time.
    #expect(FlowInstant(nanoseconds: 0).duration(to: time.now) < .milliseconds(51 * 1000 / 16 * 3 / 2))
  }

  @Test func `as completed, each comes when it is ready`() throws {
    let provider = Slow { 100 - $0 }
    let seen = provider.batch(requests(5), maxInFlight: 5, order: .asCompleted).record(in: time)
    time.run()
    #expect(texts(seen.elements) == expected([4, 3, 2, 1, 0]))
  }

  @Test func `one that is slow holds up no more than as many again`() throws {
    let provider = Slow { $0 == 0 ? 10_000 : 1 }
    let seen = provider.batch(requests(100), maxInFlight: 4).record(in: time)
    time.advance(by: .milliseconds(9_999))
    #expect(seen.elements.isEmpty)
    #expect(provider.inFlight.value?.begun == 8)
    time.run()
    #expect(texts(seen.elements) == expected(0..<100))
  }

  @Test func `begins nothing before the first answer is asked for, and no more than its lead after`() throws {
    let provider = Slow { _ in 1 }
    let seen = provider.batch(requests(100), maxInFlight: 4).record(in: time, demand: 0)
    time.run()
    #expect(provider.inFlight.value?.begun == 0)
    seen.request(1)
    time.run()
    #expect(texts(seen.elements) == expected(0..<1))
    #expect((provider.inFlight.value?.begun ?? 0) <= 9)
    seen.request(3)
    time.run()
    #expect(texts(seen.elements) == expected(0..<4))
    #expect((provider.inFlight.value?.begun ?? 0) <= 12)
  }

  @Test func `a consumer that leaves ends all that are under way`() throws {
    let provider = Slow { _ in 50 }
    let seen = provider.batch(requests(100), maxInFlight: 8).record(in: time)
    time.advance(by: .milliseconds(75))
    #expect(provider.inFlight.value?.now == 8)
    seen.cancel()
    #expect(provider.inFlight.value?.now == 0)
    #expect(time.pendingTimers == 0)
  }

  @Test func `none are none`() throws {
    let seen = Slow { _ in 1 }.batch([], maxInFlight: 3).record(in: time)
    try seen.expectFinished()
  }
}
