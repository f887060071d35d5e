// How the providers are doing, and what they can do.
import Flows

extension ProviderRegistry {
  /// How everybody is doing, in the order of the names.
  public var health: [ProviderHealth] {
    all.map { entry in
      var health = entry.health
      health.inFlight = entry.generation.inFlight
      return health
    }
  }

  /// Who is doing better or worse, as the calls that are made tell. It asks nobody anything.
  ///
  /// **Demand.** A change that nobody asks for waits, with 255 others; then the oldest is lost. **Completion.** When the
  /// registry is shut down.
  public var healthChanges: Flow<HealthChange> { changes.flow }

  /// Who is doing better or worse, as calls tell, and questions that are asked while this runs: at once, and then every
  /// `interval`, of everybody who can be asked something cheap.
  ///
  /// - Parameters:
  ///   - interval: more than zero; anything else traps.
  ///   - timeout: who has not answered by then has failed. More than zero; anything else traps.
  public func healthChanges(
    askingEvery interval: Duration, timeout: Duration = .seconds(10)
  ) -> Flow<HealthChange> {
    precondition(timeout > .zero, "healthChanges(timeout: \(timeout)): nobody answers in no time")
    let ticks = Flow<FlowTick>.timer(after: .zero).append(.interval(every: interval))
    let questions = ticks.exhaustMap { [weak self] _ in self?.questions(timeout) ?? .empty() }
    return .merge([changes.flow, questions.ignoreOutput(as: HealthChange.self)]).scheduler(
      dependencies.scheduler)
  }

  /// Asks everybody now, side by side, and returns when all have answered, or the time is up.
  public func ask(timeout: Duration = .seconds(10)) async {
    precondition(timeout > .zero, "ask(timeout: \(timeout)): nobody answers in no time")
    try? await questions(timeout).scheduler(dependencies.scheduler).drain()
  }

  private func questions(_ timeout: Duration) -> Flow<Never> {
    let askable = all.map(\.generation).filter { $0.instance.probe != nil }
    return Flow.from(askable).flatMap(maxConcurrent: .max) { [self] generation in
      question(generation, timeout)
    }
  }

  /// One question to one provider. Its failure is an outcome, and no failure of this flow.
  private func question(_ generation: ProviderGeneration, _ timeout: Duration) -> Flow<Never> {
    guard let probe = generation.instance.probe else { return .empty() }
    let scheduler = dependencies.scheduler
    return .deferred { [self] in
      let start = scheduler.now
      return Flow.future(probe).timeout(first: timeout).materialize().onValue { [self] signal in
        switch signal {
        case .element(let models):
          note(.success(start.duration(to: scheduler.now)), .probe, of: generation)
          _ = change(generation) { $0.probed = models }
        case .end(.failed(let error)):
          note(.failure(Self.failure(error, timeout)), .probe, of: generation)
        case .end: break
        }
      }
      .ignoreOutput()
    }
  }

  private static func failure(_ error: any Error, _ timeout: Duration) -> ProviderError {
    if error is FlowTimeoutError {
      return ProviderError(.timeout(.total), "no answer to a simple question within \(timeout.spelled)")
    }
    return ProviderError(wrapping: error)
  }

  /// Takes an outcome in, and tells when it changes the state. What a provider did that has left its name changes nothing.
  func note(
    _ outcome: Result<Duration?, ProviderError>, _ source: HealthChange.Source,
    of generation: ProviderGeneration
  ) {
    let (now, policy) = (dependencies.scheduler.now, policy)
    let change = change(generation) { entry -> HealthChange? in
      guard let before = entry.health.note(outcome, source, at: now, policy) else { return nil }
      var reason: ProviderError?
      if case .failure(let error) = outcome { reason = error }
      return HealthChange(
        name: generation.name, generation: generation.number, from: before, to: entry.health.state,
        source: source,
        reason: reason, instant: now)
    }
    if let change = change.flatMap(\.self) { changes.send(change) }
  }

  // MARK: Capabilities

  /// The models that a provider has named, when it was last asked.
  public func models(of name: String) -> [String] {
    all.first { $0.generation.name == name }?.probed.keys.sorted() ?? []
  }

  /// Remembers what an answer has shown.
  func note(_ features: Set<Capabilities.Feature>, of model: String, _ generation: ProviderGeneration) {
    if features.isEmpty { return }
    _ = change(generation) { entry in
      guard entry.observed[model] != nil || entry.observed.count < Entry.mostModels else { return }
      entry.observed[model, default: []].formUnion(features)
    }
  }

  /// What a model can do: what somebody wrote down, what its provider says when it is asked, and what its answers have
  /// shown, each surer than the one before.
  ///
  /// - Parameters:
  ///   - model: the provider's name of the model; empty for its usual one.
  ///   - name: of the provider; `nil` for whoever is active.
  public func capabilities(of model: String, from name: String? = nil) async throws -> Capabilities {
    let lease = try lease(name)
    defer { lease.end() }
    let generation = lease.generation
    let model = model.isEmpty ? generation.instance.model ?? "" : model
    let own = try await lease.provider.capabilities(of: model)
    let known = change(generation) { ($0.probed[model], $0.observed[model]) }
    let declared = generation.instance.declared.merging(own)
    let probed = (known?.0).map { declared.merging($0) } ?? declared
    return (known?.1).map { probed.merging(Capabilities($0, source: .observed)) } ?? probed
  }
}
