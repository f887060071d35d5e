// A flow becomes a publisher of Combine.

#if canImport(Combine)
  import Combine

  extension Flow {
    /// This flow for Combine. Every subscriber is a run of its own, which is asked for what the subscriber asks for.
    public var publisher: AnyPublisher<Element, any Error> { FlowPublisher(flow: self).eraseToAnyPublisher() }
  }

  private struct FlowPublisher<Output: Sendable>: Publisher {
    typealias Failure = any Error

    let flow: Flow<Output>

    func receive<S: Subscriber>(subscriber: S) where S.Input == Output, S.Failure == any Error {
      let run = PublishedRun<Output> {
        subscriber.receive($0)
      } onEnd: {
        subscriber.receive(completion: $0)
      }
      // A subscriber hears of its subscription before anything else.
      subscriber.receive(subscription: run)
      run.start(flow)
    }
  }

  /// A run, as Combine asks for it and cancels it.
  // What changes is guarded; a run calls its subscriber from one thread at a time.
  private final class PublishedRun<Element: Sendable>: Subscription, @unchecked Sendable {
    private struct State {
      var run: FlowSubscription?
      var isCancelled = false
      /// Asked for before the run was there; `.max` for no limit.
      var early = 0
    }

    private let onValue: (Element) -> Subscribers.Demand
    private let onEnd: (Subscribers.Completion<any Error>) -> Void
    private let state = Guarded(State())

    init(
      _ onValue: @escaping (Element) -> Subscribers.Demand,
      onEnd: @escaping (Subscribers.Completion<any Error>) -> Void
    ) {
      self.onValue = onValue
      self.onEnd = onEnd
    }

    func start(_ flow: Flow<Element>) {
      let run = flow.subscribe(initialDemand: .none) { [self] element in
        FlowDemand(onValue(element).count)
      } onEnd: { [self] in
        end($0)
      }
      let early = state.change { state -> Int? in
        if state.isCancelled { return nil }
        state.run = run
        return state.early
      }
      guard let early else { return run.cancel() }
      if early > 0 { run.request(early) }
    }

    private func end(_ end: FlowEnd) {
      state.change { $0.run = nil }
      switch end {
      case .finished: onEnd(.finished)
      case .failed(let error): onEnd(.failure(error))
      }
    }

    func request(_ demand: Subscribers.Demand) {
      let count = demand.count
      guard count > 0 else { return }
      let run = state.change { state in
        if state.run == nil { state.early = count > .max - state.early ? .max : state.early + count }
        return state.run
      }
      run?.request(count)
    }

    func cancel() {
      let run = state.change { state in
        defer { state.run = nil }
        state.isCancelled = true
        return state.run
      }
      run?.cancel()
    }
  }

  extension Subscribers.Demand {
    /// The number that is asked for; `.max` for no limit.
    fileprivate var count: Int { max ?? .max }
  }
#endif
