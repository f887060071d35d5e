// How a provider is doing.
import Flows

/// What is known of how a provider is doing, from the calls that were made and from questions that were asked for it.
public struct ProviderHealth: Sendable, Hashable {
  public enum State: String, Sendable, Hashable, CaseIterable {
    /// Nobody has asked it anything yet.
    case unknown
    case healthy
    /// It has failed, but not often enough to be given up.
    case degraded
    case unhealthy
  }

  public let name: String
  /// Which provider under this name, counted from 1.
  public let generation: Int
  public internal(set) var state = State.unknown
  /// The answers that are under way.
  public internal(set) var inFlight = 0
  public internal(set) var successes = 0
  /// The provider's own; what was wrong with a request is not its fault.
  public internal(set) var failures = 0
  public internal(set) var failuresInARow = 0
  public internal(set) var successesInARow = 0
  public internal(set) var lastFailure: ProviderError?
  /// When something was last heard of it.
  public internal(set) var lastHeard: FlowInstant?
  /// From a request to the first sign of its answer, smoothed: the last eight or so count.
  public internal(set) var latency: Duration?

  init(_ name: String, _ generation: Int) {
    self.name = name
    self.generation = generation
  }

  /// Takes an outcome in. The answer is the state before, when it is another one now.
  mutating func note(
    _ outcome: Result<Duration?, ProviderError>, _ source: HealthChange.Source, at now: FlowInstant,
    _ policy: HealthPolicy
  ) -> State? {
    let before = state
    switch outcome {
    case .success(let delay):
      lastHeard = now
      successes += 1
      successesInARow += 1
      failuresInARow = 0
      if let delay { latency = latency.map { $0 + (delay - $0) / 8 } ?? delay }
      state = before == .unhealthy && successesInARow < policy.healthyAfter ? .unhealthy : .healthy
    case .failure(let error):
      // A question that was asked for this is never wrong itself.
      guard let fault = error.kind.fault ?? (source == .probe && error.kind != .cancelled ? .passing : nil)
      else { return nil }
      lastHeard = now
      failures += 1
      failuresInARow += 1
      successesInARow = 0
      lastFailure = error
      let isOver = fault == .lasting || failuresInARow >= policy.unhealthyAfter || before == .unhealthy
      state = isOver ? .unhealthy : failuresInARow >= policy.degradedAfter ? .degraded : before
    }
    return state == before ? nil : before
  }
}

/// When a provider counts as what.
public struct HealthPolicy: Sendable, Hashable {
  /// So many failures in a row, and it is degraded.
  public var degradedAfter: Int
  /// So many failures in a row, and it is unhealthy.
  public var unhealthyAfter: Int
  /// So many successes in a row, and it is healthy again.
  public var healthyAfter: Int

  /// Each at least 1; anything else traps.
  public init(degradedAfter: Int = 1, unhealthyAfter: Int = 3, healthyAfter: Int = 2) {
    precondition(
      degradedAfter > 0 && unhealthyAfter > 0 && healthyAfter > 0,
      "HealthPolicy: nothing changes after nothing")
    self.degradedAfter = degradedAfter
    self.unhealthyAfter = unhealthyAfter
    self.healthyAfter = healthyAfter
  }
}

/// A provider is doing better or worse than before.
public struct HealthChange: Sendable, Hashable {
  /// How it became known.
  public enum Source: String, Sendable, Hashable {
    /// A call that somebody made.
    case call
    /// A question that was asked for this.
    case probe
  }

  public let name: String
  public let generation: Int
  public let from: ProviderHealth.State
  public let to: ProviderHealth.State
  public let source: Source
  /// Why, when it is doing worse.
  public let reason: ProviderError?
  public let instant: FlowInstant
}

extension ProviderError.Kind {
  enum Fault { case passing, lasting }

  /// Whether a failure tells of the provider, and not of the request or of whoever asked; a lasting one will be there at
  /// the next request too.
  var fault: Fault? {
    switch self {
    case .authentication, .permission, .quota: .lasting
    case .rateLimited, .overloaded, .serverError, .badGateway, .transport, .truncated, .protocolViolation,
      .timeout, .unsupportedEncoding:
      .passing
    case .modelNotFound, .notFound, .contextTooLong, .contentFiltered, .requestTooLarge, .invalidRequest,
      .cancelled, .other:
      nil
    }
  }
}
