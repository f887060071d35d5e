// How fast an answer comes that was kept.
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite struct CacheReplayTests {
  let time = VirtualTime()
  let cache = ResponseCache()
  let request = ChatRequest(model: "m", prompt: "Why is the sky blue?")
  let provider = DrivenProvider()

  /// Has an answer kept that took three seconds.
  private func fill() {
    let seen = provider.cached(by: cache).stream(request).record(in: time)
    time.advance(by: .seconds(1))
    provider.send(Events.head)
    for word in ["a", "b"] {
      time.advance(by: .seconds(1))
      provider.send(Events.words(word))
    }
    provider.send(Events.tail())
    provider.source.finish()
    #expect(seen.isFinished)
  }

  private func again(_ replay: CacheReplay, demand: FlowDemand = .unlimited) -> Recording<ChatEvent> {
    provider.cached(by: cache, replay: replay).stream(request).record(in: time, demand: demand)
  }

  @Test func `at once`() {
    fill()
    #expect(again(.instant).isFinished)
  }

  @Test func `as it came the first time`() {
    fill()
    let (seen, start) = (again(.paced(.recorded)), time.now)
    time.run()
    let delays = seen.events.map { start.duration(to: $0.instant).components.seconds }
    #expect(delays == [1, 1, 1, 2, 3, 3, 3, 3, 3, 3])
    #expect(seen.text == "ab")
    #expect(time.pendingTimers == 0)
  }

  @Test func `so many tokens a second`() {
    fill()
    let (seen, start) = (again(.paced(.tokensPerSecond(4))), time.now)
    time.run()
    let delays = seen.events.map { start.duration(to: $0.instant) / Duration.milliseconds(250) }
    #expect(delays == [0, 0, 0, 1, 2, 2, 2, 2, 2, 2])
  }

  @Test func `a pace breaks no demand, and waits for nobody`() {
    fill()
    let seen = again(.paced(.recorded), demand: 4)
    time.advance(by: .seconds(10))
    #expect(seen.elements.count == 4)
    seen.request(20)
    #expect(seen.isFinished)
  }

  @Test func `who leaves leaves no timer`() {
    fill()
    let seen = again(.paced(.recorded))
    #expect(time.pendingTimers == 1)
    seen.cancel()
    #expect(time.pendingTimers == 0)
  }
}
