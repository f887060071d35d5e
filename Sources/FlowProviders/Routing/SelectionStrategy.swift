// How a router chooses.

/// How a router chooses among those that can answer.
public enum SelectionStrategy: Sendable {
  /// The first that can.
  case priority
  /// One after another.
  case roundRobin
  /// As often as their weights say, spread evenly: of weights 2 and 1 comes a, b, a and not a, a, b.
  case weighted
  /// Whoever has the fewest requests under way for its weight.
  case leastBusy
  /// Whoever had the shortest time to a first token, averaged over the latest, times the requests under way. What was seen
  /// long ago counts less and less, so that the slow are tried again; those that were never asked go first.
  case lowestLatency
  /// Whoever costs least for this request, as estimated. Those without a price come last.
  case cheapest
  /// Whoever a text like the prompt belongs to.
  case semantic(SemanticRoutes)
  /// Whoever `score` gives the lowest number. It is called under no lock, for each candidate that can answer.
  case custom(String, score: @Sendable (RouteStanding, RouteNeeds) -> Double)

  public var name: String {
    switch self {
    case .priority: "priority"
    case .roundRobin: "round robin"
    case .weighted: "weighted"
    case .leastBusy: "least busy"
    case .lowestLatency: "lowest latency"
    case .cheapest: "cheapest"
    case .semantic: "semantic"
    case .custom(let name, _): name
    }
  }

  /// What the score of a candidate means.
  var unit: String {
    switch self {
    case .priority: "place"
    case .roundRobin: "turns until it"
    case .weighted: "credit, less is sooner"
    case .leastBusy: "requests under way for its weight"
    case .lowestLatency: "seconds to a first token, as expected"
    case .cheapest: "dollars"
    case .semantic: "distance"
    case .custom: "score"
    }
  }
}

/// What is known of a candidate at one moment.
public struct RouteStanding: Sendable {
  public let candidate: RouteCandidate
  public let health: RouteHealth
  /// Requests under way by this router.
  public let inFlight: Int
  /// The average time to a first token; `nil` when none was seen.
  public let latency: Duration?
  /// What the request would cost there; `nil` when nobody knows.
  public let cost: Money?
}
