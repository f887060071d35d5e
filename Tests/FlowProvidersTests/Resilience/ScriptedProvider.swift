// A provider that says what a test has written down, in the time of the run.
import FlowProviders
import FlowTesting
import Flows

/// What a scripted provider does, one thing after another.
enum Step: Sendable {
  case wait(Duration)
  case say(ChatEvent)
  case fail(ProviderError)
  /// Says nothing more, and does not end.
  case hang
}

/// Answers as its script says, and remembers who asked when.
final class ScriptedProvider: ChatProvider {
  struct Log: Sendable {
    var requests: [ChatRequest] = []
    /// When they came.
    var instants: [FlowInstant] = []
    var active = 0
    /// When one was let go before its end.
    var cancellations: [FlowInstant] = []
  }

  let name: String
  private let script: @Sendable (_ call: Int, FlowInstant) -> [Step]
  private let state = Latest<Log>()

  /// - Parameter script: what is done in the call of this number, from 0, which begins at this instant.
  init(_ name: String, _ script: @escaping @Sendable (_ call: Int, FlowInstant) -> [Step]) {
    self.name = name
    self.script = script
    state.value = Log()
  }

  convenience init(_ name: String, _ script: [Step]...) {
    self.init(name) { call, _ in script[min(call, script.count - 1)] }
  }

  var log: Log { state.value ?? Log() }

  func stream(_ request: ChatRequest) -> Flow<ChatEvent> {
    Flow { [self] context in
      let scheduler = context.scheduler
      let number = log.requests.count
      state.change {
        $0.requests.append(request)
        $0.instants.append(scheduler.now)
        $0.active += 1
      }
      let steps: [Flow<ChatEvent>] = script(number, scheduler.now).map { step in
        switch step {
        case .wait(let time): Flow<FlowTick>.timer(after: time).concatMap { _ in Flow<ChatEvent>.empty() }
        case .say(let event): .just(event)
        case .fail(let error): .fail(error)
        case .hang: .never()
        }
      }
      return Flow.concat(steps)
        .handleEvents(
          receiveCancel: { [self] in state.change { $0.cancellations.append(scheduler.now) } },
          onEnd: { [self] _ in state.change { $0.active -= 1 } }
        )
        .start(in: context)
    }
  }
}

extension [Step] {
  static let place = ChatEvent.Place(block: 0)

  static func started(_ model: String = "m") -> [Step] {
    [.say(.started(.init(model: model))), .say(.roundStarted(0)), .say(.textStarted(place))]
  }

  static func tokens(_ texts: String..., every time: Duration = .zero) -> [Step] {
    tokens(texts, every: time)
  }

  static func tokens(_ texts: some Sequence<String>, every time: Duration = .zero) -> [Step] {
    var steps: [Step] = []
    for text in texts {
      if time > .zero { steps.append(.wait(time)) }
      steps.append(.say(.textDelta(text, place)))
    }
    return steps
  }

  static func ended(_ usage: Usage? = nil) -> [Step] {
    var steps: [Step] = [.say(.textEnded(place))]
    if let usage { steps.append(.say(.usage(usage))) }
    steps.append(.say(.roundEnded(0, Finish(.stop))))
    steps.append(.say(.finished(Finish(.stop))))
    return steps
  }

  /// A whole answer, each token after this time.
  static func answer(_ texts: String..., every time: Duration = .zero, usage: Usage? = nil) -> [Step] {
    .row(started(), tokens(texts, every: time), ended(usage))
  }

  /// An answer that breaks off.
  static func broken(_ texts: String..., every time: Duration = .zero, by error: ProviderError = .down)
    -> [Step]
  {
    .row(started(), tokens(texts, every: time), [.fail(error)])
  }

  /// One after another: a sum of several is slow to compile.
  static func row(_ parts: [Step]...) -> [Step] { Array(parts.joined()) }
}

extension ProviderError {
  static let down = ProviderError(.overloaded, "down", status: 503)

  static func tooMany(after time: Duration) -> ProviderError {
    ProviderError(.rateLimited, "too many", status: 429, retryAfter: time)
  }
}

extension FlowInstant {
  static func at(_ time: Duration) -> FlowInstant { FlowInstant(nanoseconds: 0).advanced(by: time) }
}

extension ChatProvider {
  /// Asks, and holds the answer to the grammar: what breaks it fails.
  func asked(_ request: ChatRequest = Chat.request, in time: VirtualTime, demand: FlowDemand = .unlimited)
    -> Recording<ChatEvent>
  {
    stream(request).validated(.strict).record(in: time, demand: demand)
  }

  /// Asks, and lets time pass until nothing happens any more.
  @discardableResult
  func answered(in time: VirtualTime) -> Recording<ChatEvent> {
    let seen = asked(in: time)
    time.run()
    return seen
  }
}
