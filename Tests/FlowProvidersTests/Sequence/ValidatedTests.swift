// The grammar, and what to do when it is not kept.
import FlowTesting
import Flows
import Testing

@testable import FlowProviders

@Suite struct ValidatedTests {
  private let place = ChatEvent.Place(block: 0)
  private let time = VirtualTime()

  private var right: [ChatEvent] {
    [
      .started(.init()), .heartbeat, .roundStarted(0), .textStarted(place), .textDelta("a", place),
      .textEnded(place),
      .usage(Usage(inputTokens: 1)), .roundEnded(0, Finish(.stop)), .finished(Finish(.stop)),
    ]
  }

  private func run(_ events: [ChatEvent], _ policy: SequencePolicy) -> Recording<ChatEvent> {
    Flow.from(events).validated(policy).record(in: time)
  }

  @Test(arguments: [SequencePolicy.strict, .repair, .report])
  func `leaves a right sequence as it is`(policy: SequencePolicy) throws {
    let seen = run(right, policy)
    #expect(seen.elements == right)
    #expect(seen.isFinished)
  }

  @Test func `strictly, the first event that is misplaced fails`() {
    for position in [0, 2, 3, 5, 7] {
      var wrong = right
      wrong.remove(at: position)
      let seen = run(wrong, .strict)
      #expect(seen.elements.count <= right.count)
      guard case .failed(let error)? = seen.end else {
        Issue.record("without \(right[position].name): \(seen.end as Any)")
        continue
      }
      #expect(error is ChatGrammarViolation)
    }
  }

  @Test func `strictly, an end without a terminal is truncated`() {
    guard case .failed(let error)? = run(Array(right.dropLast()), .strict).end else {
      Issue.record("it completed")
      return
    }
    #expect((error as? ProviderError)?.kind == .truncated)
  }

  @Test func `repairs what is missing, with a warning each`() throws {
    let seen = run([.textDelta("a", place), .finished(Finish(.stop))], .repair)
    #expect(
      seen.elements.filter { !$0.isAside }.map(\.name) == [
        "started", "roundStarted", "textStarted", "textDelta", "textEnded", "roundEnded", "finished",
      ])
    #expect(seen.elements.count { $0.isAside } == 3)
    #expect(seen.isFinished)
  }

  @Test func `repairs a call that was never completed as one that cannot be used`() {
    let call = ChatEvent.toolCallStarted(.init(id: "c", name: "f"), place)
    let seen = run(
      [.started(.init()), .roundStarted(0), call, .roundEnded(0, Finish(.stop)), .finished(Finish(.stop))],
      .repair)
    #expect(
      seen.elements.contains(
        .toolCall(ToolCall(id: "c", name: "f", arguments: "", problem: .unfinished), place)))
  }

  @Test func `leaves out what has no place, and all behind the terminal`() {
    let seen = run(right + [.textDelta("b", place), .finished(Finish(.length))], .repair)
    #expect(seen.elements == right)
    let twice = run([right[0]] + right, .repair)
    #expect(twice.elements.map(\.name).prefix(3) == ["started", "warning", "heartbeat"])
  }

  @Test func `reports what is wrong behind it, and passes everything`() throws {
    let wrong: [ChatEvent] = [.textDelta("a", place), .finished(Finish(.stop)), .heartbeat]
    let seen = run(wrong, .report)
    #expect(seen.elements.filter { $0.name != "warning" } == wrong)
    #expect(seen.elements.count { $0.name == "warning" } >= 2)
    #expect(seen.isFinished)
  }

  @Test func `a failure may come anywhere`() {
    for count in 0..<right.count {
      let source = Flow.concat([.from(right.prefix(count)), .fail(ProviderError(.transport, "gone"))])
      guard case .failed(let error)? = source.validated(.strict).record(in: time).end else {
        Issue.record("it completed after \(count)")
        continue
      }
      #expect((error as? ProviderError)?.kind == .transport)
    }
  }

  @Test func `asks upstream for one event at a time, and lets it go`() {
    let source = TestFlow<ChatEvent>()
    let seen = source.flow.validated(.repair).record(in: time, demand: 1)
    source.send(.textDelta("a", place))
    #expect(seen.elements.count == 1)
    #expect(source.askedInTotal == 1)
    seen.request(10)
    #expect(seen.elements.map(\.name).suffix(2) == ["textStarted", "textDelta"])
    seen.cancel()
    #expect(source.isReleased)
  }
}
