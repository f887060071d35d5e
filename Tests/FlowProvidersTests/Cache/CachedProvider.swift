// What the tests of the cache ask.
import FlowProviders
import FlowTesting
import Flows

/// A provider whose answers a test sends, one event at a time.
final class DrivenProvider: ChatProvider {
  let name = "driven"
  let source = TestFlow<ChatEvent>("provider")

  func stream(_ request: ChatRequest) -> Flow<ChatEvent> { source.flow }

  func send(_ events: [ChatEvent]) { for event in events { source.send(event) } }

  /// Sends a whole answer.
  func answer(_ words: String...) {
    send(Events.answer(words))
    source.finish()
  }
}

/// A provider that answers at once, and counts.
final class CountingProvider: ChatProvider {
  let name: String
  private let asked = Latest<Int>()
  private let answer: @Sendable (_ number: Int) -> Flow<ChatEvent>

  init(_ name: String = "counting", _ answer: @escaping @Sendable (_ number: Int) -> Flow<ChatEvent>) {
    self.name = name
    self.answer = answer
    asked.value = 0
  }

  /// Answers with the number of the request.
  convenience init() { self.init { .from(Events.answer(["\($0)"])) } }

  var count: Int { asked.value ?? 0 }

  func stream(_ request: ChatRequest) -> Flow<ChatEvent> {
    .deferred { [self] in
      var number = 0
      asked.change {
        $0 += 1
        number = $0
      }
      return answer(number)
    }
  }
}

enum Events {
  static let place = ChatEvent.Place(block: 0)
  static let head: [ChatEvent] = [
    .started(.init(id: "a", model: "m")), .roundStarted(0), .textStarted(place),
  ]

  static func words(_ words: String...) -> [ChatEvent] { words.map { .textDelta($0, place) } }

  static func tail(_ reason: FinishReason = .stop) -> [ChatEvent] {
    [
      .textEnded(place), .usage(Usage(inputTokens: 3, outputTokens: 4, totalTokens: 7)),
      .roundEnded(0, Finish(reason)), .finished(Finish(reason)),
    ]
  }

  static func answer(_ words: [String], _ reason: FinishReason = .stop) -> [ChatEvent] {
    head + words.map { .textDelta($0, place) } + tail(reason)
  }
}
