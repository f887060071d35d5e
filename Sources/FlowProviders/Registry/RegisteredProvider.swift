// A provider by its name, whoever has that at the moment.
import Flows

/// Whoever a registry has under a name when a request begins. It can be kept as long as one likes: a request goes to
/// whoever has the name then, and ends with whom it began.
struct RegisteredProvider: ChatProvider {
  let registry: ProviderRegistry
  /// `nil` for whoever is active.
  let wish: String?
  /// Put into every request.
  let model: String?

  var name: String { wish ?? registry.activeName ?? "nobody" }

  func stream(_ request: ChatRequest) -> Flow<ChatEvent> {
    Flow.using { [registry, wish] in
      try registry.lease(wish)
    } release: { lease in
      lease.end()
    } _: { [registry, model] lease in
      var request = request
      if let model { request.model = model }
      if request.model.isEmpty, let usual = lease.generation.instance.model { request.model = usual }
      return lease.provider.stream(request).attended(by: registry, lease, request.model)
    }
  }

  func capabilities(of model: String) async throws -> Capabilities {
    try await registry.capabilities(of: self.model ?? model, from: wish)
  }
}

extension Flow where Element == ChatEvent {
  /// Tells the registry what becomes of the answer, and breaks it off when its provider has to go.
  fileprivate func attended(by registry: ProviderRegistry, _ lease: ProviderLease, _ model: String) -> Flow {
    Flow { context in
      var upstream = Upstream(self, in: context)
      var watch = AnswerWatch(at: context.now)
      let scope = context.scope
      lease.onStop { scope.wake() }
      return { room in
        if lease.mustStop {
          upstream.end()
          var error = ProviderError(.cancelled, "\(lease.generation.name) was taken away while it answered")
          error.emitted = watch.emitted
          return .failed(error)
        }
        let start = room.count
        let poll = upstream.poll(&room)
        if room.count > start {
          room.keep(from: start) { event in
            watch.note(event, at: context.now)
            return true
          }
        }
        switch poll {
        case .more, .pending: break
        case .finished:
          registry.note(.success(watch.delay), .call, of: lease.generation)
          registry.note(watch.features, of: model, lease.generation)
        case .failed(let error):
          registry.note(.failure(ProviderError(wrapping: error)), .call, of: lease.generation)
          registry.note(watch.features, of: model, lease.generation)
        }
        return poll
      }
    }
  }
}

/// What is to be remembered of an answer.
private struct AnswerWatch {
  private let start: FlowInstant
  /// From the beginning to the first sign of the answer.
  private(set) var delay: Duration?
  /// What the answer shows that the model can do.
  private(set) var features: Set<Capabilities.Feature> = []
  private(set) var emitted = ProviderError.Emitted()
  private var pieces = 0

  init(at now: FlowInstant) { start = now }

  mutating func note(_ event: ChatEvent, at now: FlowInstant) {
    if delay == nil { delay = start.duration(to: now) }
    emitted.events += 1
    switch event {
    case .textDelta(let text, _):
      emitted.text += text.utf8.count
      pieces += 1
      if pieces == 2 { features.insert(.streaming) }
    case .reasoningDelta(let text, _):
      emitted.reasoning += text.utf8.count
      features.insert(.reasoning)
    case .toolCall:
      emitted.toolCalls += 1
      features.insert(emitted.toolCalls == 1 ? .tools : .parallelTools)
    case .usage(let usage): emitted.usage = usage
    default: break
    }
  }
}
