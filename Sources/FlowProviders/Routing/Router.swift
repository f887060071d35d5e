// A provider that chooses among others.
import Flows

/// A provider that chooses, for each request, who of several answers it.
///
/// ```swift
/// let router = Router(
///   [
///     RouteCandidate(openAI, model: "gpt-4o", price: TokenPrice(input: 2.5, output: 10)),
///     RouteCandidate(local, model: "llama3", capabilities: Capabilities([.streaming], missing: [.vision])),
///   ],
///   by: .cheapest)
/// print(try await router.explain(request).text)
/// ```
///
/// Those that cannot do what the request needs, are not healthy, or cost more than is left, are dropped; the others stand in
/// an order that the strategy decides. Who fails before anything was said gives way to the next. Every decision can be
/// explained, before (``explain(_:and:isolation:)``) and afterwards (the event `flow.route` of the span).
public struct Router: ChatProvider {
  public let name: String
  public let candidates: [RouteCandidate]
  public let strategy: SelectionStrategy
  private let required: Set<Capabilities.Feature>
  private let unknown: UnknownFeature
  private let budgets: [Budget]
  private let cut: BudgetCut
  private let health: @Sendable (RouteCandidate) -> RouteHealth
  private let memory: RouteMemory

  /// - Parameters:
  ///   - candidates: who could answer, at least one, each with a name of its own; anything else traps.
  ///   - strategy: how to choose.
  ///   - name: of the router itself.
  ///   - required: features that every request needs.
  ///   - unknown: what becomes of candidates of which nobody knows whether they have a feature that is needed.
  ///   - budgets: what may be spent. With one, candidates without a price are dropped.
  ///   - cut: what becomes of an answer for which there is no more money.
  ///   - health: what a registry or a breaker knows. Called for each candidate and decision, under no lock.
  public init(
    _ candidates: [RouteCandidate], by strategy: SelectionStrategy, name: String = "router",
    requiring required: Set<Capabilities.Feature> = [], unknown: UnknownFeature = .accepted,
    within budgets: [Budget] = [], whenSpent cut: BudgetCut = .finish,
    health: @escaping @Sendable (RouteCandidate) -> RouteHealth = { _ in .available }
  ) {
    precondition(!candidates.isEmpty, "a router needs somebody to ask")
    precondition(
      Set(candidates.map(\.name)).count == candidates.count,
      "candidates need names of their own: \(candidates.map(\.name))")
    self.name = name
    self.candidates = candidates
    self.strategy = strategy
    self.required = required
    self.unknown = unknown
    self.budgets = budgets
    self.cut = cut
    self.health = health
    memory = RouteMemory(count: candidates.count)
  }

  /// The answer of whoever is chosen, or of the next when that fails before anything was said.
  ///
  /// **Demand.** The beginning of an answer, as far as it says nothing, is held back until something is said: up to three
  /// events more than were asked for are on their way. **Failure.** That of the last that was asked; a
  /// ``ProviderError`` with everybody's reasons when nobody can be. A request that is wrong is not tried again.
  public func stream(_ request: ChatRequest) -> Flow<ChatEvent> {
    Flow { context in
      let features = context[RequestedFeatures.self]
      return decide(request, features, .take)
        .concatMap { decision in answer(to: request, as: decision) }
        .start(in: context)
    }
  }

  /// What any of the candidates can do.
  public func capabilities(of model: String) async throws -> Capabilities {
    var all = candidates[0].capabilities
    for candidate in candidates.dropFirst() {
      all.features.merge(candidate.capabilities.features) { mine, _ in mine }
      all.missing.formIntersection(candidate.capabilities.missing)
      all.contextWindow = Router.larger(all.contextWindow, candidate.capabilities.contextWindow)
      all.maxOutputTokens = Router.larger(all.maxOutputTokens, candidate.capabilities.maxOutputTokens)
    }
    return all
  }

  /// The larger of two limits; none is larger than any.
  private static func larger(_ a: Int?, _ b: Int?) -> Int? { a.flatMap { a in b.map { max(a, $0) } } }

  /// Who would answer, and why. Nothing is sent, but for a semantic strategy to its embedder, and nobody's turn passes.
  ///
  /// The features are needed beside those that the request shows.
  public func explain(
    _ request: ChatRequest, and features: Set<Capabilities.Feature> = [],
    isolation: isolated (any Actor)? = #isolation
  ) async throws -> RoutingDecision {
    try await explanation(of: request, and: features).value
  }

  /// Who would answer, and why, as a flow of one element.
  public func explanation(
    of request: ChatRequest, and features: Set<Capabilities.Feature> = []
  ) -> Flow<RoutingDecision> {
    decide(request, features, .look)
  }

  // MARK: Deciding

  private enum Purpose { case take, look }

  private func decide(
    _ request: ChatRequest, _ features: Set<Capabilities.Feature>, _ purpose: Purpose
  ) -> Flow<RoutingDecision> {
    let needs = RouteNeeds(request, and: features.union(required))
    let match: Flow<SemanticRoutes.Match?> =
      if case .semantic(let routes) = strategy { routes.match(request).map { $0 } } else { .just(nil) }
    return Flow { context in
      match.map { decision(request, needs, $0, purpose, at: context.now) }.start(in: context)
    }
  }

  private func decision(
    _ request: ChatRequest, _ needs: RouteNeeds, _ match: SemanticRoutes.Match?, _ purpose: Purpose,
    at now: FlowInstant
  ) -> RoutingDecision {
    let before = memory.copy
    let standings = candidates.enumerated().map { index, candidate in
      RouteStanding(
        candidate: candidate, health: health(candidate), inFlight: before.inFlight(index),
        latency: before.latency(index), cost: candidate.price.map { cost(of: needs, at: $0) })
    }
    var verdicts = standings.enumerated().map { verdict(request, $0.offset, $0.element, needs, at: now) }
    let able = verdicts.indices.filter { verdicts[$0].place != .dropped }
    let weights = candidates.map(\.weight)
    let turns =
      switch purpose {
      case .take: memory.change { $0.take(strategy, of: able, weights: weights, at: now) }
      case .look:
        {
          var copy = before
          return copy.take(strategy, of: able, weights: weights, at: now)
        }()
      }
    let (scores, remarks) = scores(turns, able.map { standings[$0] }, needs, match)
    for (index, score) in zip(able, scores) { verdicts[index].score = score.isNaN ? .infinity : score }
    let order = able.sorted {
      let (a, b) = (standings[$0].health == .available, standings[$1].health == .available)
      if a != b { return a }
      return (verdicts[$0].score ?? 0, $0) < (verdicts[$1].score ?? 0, $1)
    }
    for (number, index) in order.enumerated() {
      verdicts[index].place = number == 0 ? .chosen : .next(number)
    }
    let dropped = verdicts.indices.filter { verdicts[$0].place == .dropped }
    return RoutingDecision(
      strategy: strategy.name, needs: needs, unit: strategy.unit, remarks: remarks,
      verdicts: (order + dropped).map { verdicts[$0] })
  }

  private func cost(of needs: RouteNeeds, at price: TokenPrice) -> Money {
    price.cost(input: needs.inputTokens, output: needs.outputTokens ?? Spending.usual)
  }

  /// Whether a candidate can be asked at all.
  private func verdict(
    _ request: ChatRequest, _ index: Int, _ standing: RouteStanding, _ needs: RouteNeeds, at now: FlowInstant
  ) -> RouteVerdict {
    let candidate = standing.candidate
    var verdict = RouteVerdict(
      name: candidate.name, provider: candidate.provider.name, model: candidate.model ?? request.model,
      place: .next(0), score: nil, reasons: [], index: index, kind: nil)
    func drop(_ kind: RouteVerdict.Drop, _ reasons: [String]) {
      verdict.place = .dropped
      verdict.kind = verdict.kind ?? kind
      verdict.reasons += reasons
    }
    let refusals = needs.refusals(by: candidate.capabilities, unknown: unknown)
    if !refusals.isEmpty {
      drop(refusals.allSatisfy { $0.contains("tokens") } ? .context : .needs, refusals)
    }
    if candidate.weight == 0 { drop(.needs, ["its weight is zero"]) }
    switch standing.health {
    case .available: break
    case .degraded(let why): verdict.reasons.append("degraded: \(why)")
    case .unavailable(let why): drop(.health, ["unavailable: \(why)"])
    }
    for budget in budgets {
      guard let price = candidate.price else {
        drop(.budget, ["there is a budget, and nobody knows what it costs"])
        break
      }
      let least = price.cost(
        input: needs.inputTokens, output: min(needs.outputTokens ?? Spending.usual, Spending.least))
      let left = budget.availableToRun(at: now)
      if least > left { drop(.budget, ["it costs \(least) at least, and of \(budget) \(left) is left"]) }
    }
    if verdict.place != .dropped { verdict.reasons += needs.assumptions(of: candidate.capabilities) }
    return verdict
  }

  /// The scores of those that can answer, and what led to them.
  private func scores(
    _ turns: [Double], _ able: [RouteStanding], _ needs: RouteNeeds, _ match: SemanticRoutes.Match?
  ) -> ([Double], [String]) {
    switch strategy {
    case .cheapest: return (able.map { $0.cost?.dollars ?? .infinity }, [])
    case .custom(_, let score): return (able.map { score($0, needs) }, [])
    case .semantic(let routes): return routes.scores(able.map(\.candidate.name), match)
    default: return (turns, [])
    }
  }

  // MARK: Asking

  private func answer(to request: ChatRequest, as decision: RoutingDecision) -> Flow<ChatEvent> {
    Flow { context in
      context.noteEvent("flow.route", ["flow.route.decision": .string(decision.json.text)])
      let order = decision.verdicts.filter { $0.place != .dropped }.map(\.index)
      return attempt(request, order[...], orElse: decision.refusal).start(in: context)
    }
  }

  /// Asks the first, and the next when it fails before it has said anything.
  private func attempt(
    _ request: ChatRequest, _ order: ArraySlice<Int>, orElse refusal: ProviderError
  ) -> Flow<ChatEvent> {
    guard let index = order.first else { return .fail(refusal) }
    let candidate = candidates[index]
    var asked = request
    if let model = candidate.model { asked.model = model }
    let spending = budgets.map { Spending($0, whenSpent: cut) { _ in candidate.price } }
    let answer = candidate.provider.with(spending).stream(asked)
      .inSpan("route", attributes: ["flow.route.candidate": .string(candidate.name)])
    let attempt = Flow<ChatEvent> { context in
      let routed = RoutedAnswer(answer, index, memory, context)
      return { room in routed.poll(&room) }
    }
    return attempt.catch { error in
      guard let silent = error as? SilentFailure else { throw error }
      let rest = order.dropFirst()
      guard !rest.isEmpty, silent.mayBeTriedElsewhere else { throw silent.error }
      return self.attempt(request, rest, orElse: silent.error)
    }
  }
}
