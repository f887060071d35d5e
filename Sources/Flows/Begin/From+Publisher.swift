// A publisher of Combine becomes a flow.

#if canImport(Combine)
  import Combine

  extension Publisher where Output: Sendable {
    /// What this publisher delivers. Each run subscribes anew, and asks it for what is asked for here.
    public var flow: Flow<Output> {
      let connect = Crossing { (subscriber: FlowSubscriber<Output, Failure>) in subscribe(subscriber) }
      return Flow.create(buffer: .max, whenFull: .fail) { emitter in
        let subscriber = FlowSubscriber<Output, Failure>(emitter)
        emitter.onRequest { subscriber.ask() }
        emitter.onCancel { subscriber.cancel() }
        connect.value(subscriber)
      }
    }
  }

  /// Takes what connects to a publisher to whoever runs its flow.
  // A publisher is a recipe: Combine lets anybody subscribe from any thread.
  private struct Crossing<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
  }

  /// Hands on what comes, and asks for as much as the flow is asked for.
  // What changes is guarded; a subscription of Combine may be called from any thread.
  private final class FlowSubscriber<Input: Sendable, Failure: Error>: Subscriber, @unchecked Sendable {
    private struct State {
      var subscription: (any Subscription)?
      var isCancelled = false
      /// Asked for and not come; `.max` for no limit.
      var outstanding = 0
    }

    private let emitter: FlowEmitter<Input>
    private let state = Guarded(State())

    init(_ emitter: FlowEmitter<Input>) { self.emitter = emitter }

    func receive(subscription: any Subscription) {
      let isRefused = state.change { state in
        if state.isCancelled || state.subscription != nil { return true }
        state.subscription = subscription
        return false
      }
      if isRefused { subscription.cancel() } else { ask() }
    }

    func receive(_ input: Input) -> Subscribers.Demand {
      emitter.yield(input)
      state.change { if $0.outstanding != .max { $0.outstanding -= 1 } }
      // Whoever has asked while the element was on its way was not served.
      ask()
      return .none
    }

    func receive(completion: Subscribers.Completion<Failure>) {
      state.change { $0.subscription = nil }
      switch completion {
      case .finished: emitter.finish()
      case .failure(let error): emitter.fail(error)
      }
    }

    func ask() {
      let (subscription, demand) = state.change { state -> ((any Subscription)?, Subscribers.Demand) in
        let wanted = emitter.demand
        guard let subscription = state.subscription, wanted > state.outstanding else { return (nil, .none) }
        defer { state.outstanding = wanted }
        return (subscription, wanted == .max ? .unlimited : .max(wanted - state.outstanding))
      }
      subscription?.request(demand)
    }

    func cancel() {
      let subscription = state.change { state in
        defer { state.subscription = nil }
        state.isCancelled = true
        return state.subscription
      }
      subscription?.cancel()
    }
  }
#endif
