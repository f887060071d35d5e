// The figures of an answer.
import FlowProviders
import Testing

@testable import flow

@Suite struct AnswerMeterTests {
  private let start = ContinuousClock.now
  private let place = ChatEvent.Place(block: 0)

  @Test func `counts pieces as tokens until the provider tells better`() {
    var meter = AnswerMeter(at: start)
    #expect(meter.used == "no token")
    meter.note(.textDelta("a", place), at: start + .milliseconds(210))
    meter.note(.reasoningDelta("b", place), at: start + .milliseconds(710))
    meter.note(.textDelta("c", place), at: start + .milliseconds(1210))
    #expect(meter.summary == "first token 0.21 s · about 3 tokens · 2.0 tokens/s")
    meter.note(.usage(Usage(inputTokens: 5, outputTokens: 11)), at: start + .seconds(2))
    meter.note(.finished(Finish(.length)), at: start + .seconds(2))
    #expect(meter.summary == "first token 0.21 s · 5 tokens read, 11 tokens · 10.0 tokens/s · length")
  }

  @Test func `controls of a terminal are not passed on`() {
    #expect("a\u{1B}[2Jb\u{9B}c\td\n".withoutControls == "a\u{FFFD}[2Jb\u{FFFD}c\td\n")
    #expect("two\r\nlines\n".onOneLine == "two lines")
  }
}
