// Answers that are written down and read again.
import Testing

@testable import FlowProviders

@Suite struct CachedAnswerBytesTests {
  private let key = CacheKey(digest: "k")

  private static func everything() -> [ChatEvent] {
    let place = ChatEvent.Place(choice: 1, block: 2)
    var call = ToolCall(id: "c", name: "f", arguments: #"{"x": 1}"#)
    call.signature = "s"
    var usage = Usage(inputTokens: 1, outputTokens: 2, totalTokens: 3)
    (usage.reasoning, usage.cache) = (.separate, .separate)
    (usage.reasoningTokens, usage.cachedInputTokens, usage.cacheWriteTokens) = (4, 5, 6)
    var timing = Usage.Timing()
    timing.load = .milliseconds(1500)
    timing.firstToken = .nanoseconds(123_456_789)
    usage.timing = timing
    var finish = Finish(.other("odd"), raw: "r", stopSequence: "s\n", detail: "d")
    finish.others = [1: .other("odder"), 2: .length]
    return [
      .started(.init(id: "a", model: "m")), .started(.init(cachedFor: .seconds(3))), .roundStarted(0),
      .textStarted(place), .textDelta("a\n\"\u{0}\u{1F600}", place), .textEnded(place),
      .reasoningStarted(place), .reasoningDelta("t", place), .reasoningSignature("s", place),
      .reasoningEnded(place), .refusalDelta("no", place),
      .toolCallStarted(.init(id: "c", name: "f"), place), .toolArgumentsDelta("{", id: "c", place),
      .toolCall(call, place), .hostedToolCall(ToolCall(id: "h", name: "g", arguments: "free", form: .custom)),
      .hostedToolResult(ToolResult(id: "h", name: "g", content: "r", outcome: .failure)),
      .source(.init(url: "u", title: "t", quote: "q")), .source(.init()),
      .file(.init(mimeType: "image/png", base64: "AA==", url: "u")),
      .raw(.init(name: "n", json: "{ \"a\" : 12345678901234567890 }")),
      .raw(.init(name: "n", json: "no JSON")),
      .usage(usage), .usage(Usage()), .warning(Warning(.strayBytes, "x")), .roundEnded(0, finish),
      .finished(Finish(.toolCalls)), .finished(finish),
    ]
  }

  private let answer: CachedAnswer = {
    let events = CachedAnswerBytesTests.everything()
    return CachedAnswer(events: events, offsets: events.indices.map { .nanoseconds($0 * 1_234_567) })
  }()

  @Test func `every event that is kept comes back as it was`() throws {
    let again = try #require(CachedAnswer(answer.bytes(for: key), for: key))
    for (before, after) in zip(answer.events, again.events) { #expect(before == after) }
    #expect(again == answer)
  }

  @Test func `what was torn, changed, or belongs to another key is no answer`() {
    let bytes = answer.bytes(for: key)
    #expect(CachedAnswer(bytes, for: CacheKey(digest: "other")) == nil)
    for count in 0..<bytes.count { #expect(CachedAnswer(Array(bytes[..<count]), for: key) == nil) }
    for index in stride(from: 0, to: bytes.count, by: 3) {
      var changed = bytes
      changed[index] ^= 0x20
      if let read = CachedAnswer(changed, for: key) { #expect(read == answer) }
    }
    #expect(CachedAnswer(bytes + [UInt8(ascii: "\n")], for: key) == nil)
    #expect(CachedAnswer([], for: key) == nil)
  }
}
