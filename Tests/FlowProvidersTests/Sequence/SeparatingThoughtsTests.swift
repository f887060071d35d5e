// Thoughts between tags in a text.
import FlowTesting
import Flows
import Testing

@testable import FlowProviders

@Suite struct SeparatingThoughtsTests {
  private let time = VirtualTime()

  private func separated(
    _ pieces: [String], opening: ThoughtOpening = .tagged, isEnded: Bool = true
  ) -> [ChatEvent] {
    let place = ChatEvent.Place(block: 0)
    let call = ChatEvent.toolCall(ToolCall(id: "c", name: "f"), ChatEvent.Place(block: 1))
    let start: [ChatEvent] = [.started(.init()), .roundStarted(0), .textStarted(place)]
    let end: [ChatEvent] = [
      .textEnded(place), .toolCallStarted(.init(id: "c", name: "f"), ChatEvent.Place(block: 1)), call,
      .roundEnded(0, Finish(.toolCalls)), .finished(Finish(.toolCalls)),
    ]
    let events = start + pieces.map { .textDelta($0, place) } + (isEnded ? end : [])
    let source =
      isEnded ? Flow.from(events) : .concat([.from(events), .fail(ProviderError(.transport, "gone"))])
    return source.separatingThoughts(opening: opening).record(in: time).elements
  }

  @Test func `what stands between the tags is reasoning, wherever the tags are cut`() {
    let text = "<think>\nHm, 1 < 2</think>\n\nHi <b>there</b>"
    for size in 1...text.count {
      let pieces = stride(from: 0, to: text.count, by: size).map { start in
        String(text.dropFirst(start).prefix(size))
      }
      let seen = separated(pieces)
      #expect(seen.response.reasoning == "Hm, 1 < 2")
      #expect(seen.response.text == "Hi <b>there</b>")
      #expect(
        seen.filter { !$0.name.hasSuffix("Delta") }.names == [
          "started", "roundStarted", "reasoningStarted", "reasoningEnded", "textStarted", "textEnded",
          "toolCallStarted", "toolCall", "roundEnded", "finished",
        ])
      var grammar = ChatGrammar()
      for event in seen {
        guard case .right = grammar.judge(event) else {
          Issue.record("\(event) is misplaced")
          return
        }
        grammar.take(event)
      }
    }
  }

  @Test func `without a tag nothing changes but what could be one waits`() {
    #expect(separated(["a <th", "ick> b"]).response.text == "a <thick> b")
    #expect(separated(["a <th"]).response.text == "a <th")
    #expect(separated(["a"]).response.reasoning == "")
  }

  @Test func `thoughts may have begun in the prompt`() {
    let seen = separated(["Hm</th", "ink>Hi"], opening: .implied)
    #expect(seen.response.reasoning == "Hm")
    #expect(seen.response.text == "Hi")
  }

  @Test func `what was held back comes before a failure`() {
    #expect(separated(["Hi <thi"], isEnded: false).response.text == "Hi <thi")
  }

  @Test func `blocks are numbered anew`() {
    let seen = separated(["<think>a</think>b"])
    #expect(seen.compactMap(\.place).map(\.block) == [0, 0, 0, 1, 1, 1, 2, 2])
  }
}
