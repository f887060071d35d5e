// No requests to a provider for a while, after too many have failed.
import Flows

/// Refuses requests for a while when too many of the last ones have failed by the provider's fault: a `CircuitBreaker`
/// that knows whose fault a failure is. Shared by all flows to one provider.
///
/// ```swift
/// let breaker = ProviderBreaker(window: 20, failureRate: 0.5, minimumCalls: 10, openFor: .seconds(30))
/// let guarded = openAI.with(breaker)
/// ```
///
/// An answer that breaks off in the middle counts as one that never began. What counts is ``ProviderError/isProviderFault``
/// unless stated otherwise; a failure that does not count is as if the request had not been. Refused requests fail with a
/// ``ProviderError`` of the kind `overloaded` and the code `circuit_open`.
public struct ProviderBreaker: Middleware {
  /// The breaker itself.
  public let circuit: CircuitBreaker

  /// - Parameters:
  ///   - window: how many of the last requests are remembered, at least 1; anything else traps.
  ///   - age: requests that ended longer ago do not count any more; `nil` for no limit.
  ///   - failureRate: the part of them that must have failed, more than 0 and at most 1; anything else traps.
  ///   - minimumCalls: how many must be remembered before that is judged, from 1 to `window`; anything else traps.
  ///   - openFor: how long requests are refused.
  ///   - probes: how many requests are let in then, and must succeed, at least 1; anything else traps.
  ///   - countIf: whether an error speaks against the provider.
  public init(
    window: Int = 20, within age: Duration? = .seconds(120), failureRate: Double = 0.5,
    minimumCalls: Int = 10,
    openFor: Duration = .seconds(30), probes: Int = 1,
    countIf: @escaping @Sendable (ProviderError) -> Bool = { $0.isProviderFault }
  ) {
    circuit = CircuitBreaker(
      window: window, within: age, failureRate: failureRate, minimumCalls: minimumCalls, openFor: openFor,
      probes: probes, countIf: { !($0 is CancellationError) && countIf(ProviderError(wrapping: $0)) })
  }

  /// The state as it is, and then what it becomes.
  public var states: Flow<CircuitBreaker.State> { circuit.states }

  /// What is going on now.
  public var snapshot: CircuitBreaker.Snapshot { circuit.snapshot }

  public func intercept(_ request: ChatRequest, next: @escaping Next) -> Flow<ChatEvent> {
    next(request).circuitBreaker(circuit).refusalsAsProviderErrors()
  }
}

extension ProviderError {
  /// Whether it speaks against the provider: it is down, overloaded, cut off, silent, or not understood. The request's own
  /// mistakes do not, nor a key that is not accepted, nor limits that somebody else's account would not have met.
  public var isProviderFault: Bool {
    switch kind {
    case .overloaded, .serverError, .badGateway, .transport, .truncated, .protocolViolation, .timeout,
      .unsupportedEncoding:
      true
    case .authentication, .permission, .modelNotFound, .notFound, .rateLimited, .quota, .contextTooLong,
      .contentFiltered, .requestTooLarge, .invalidRequest, .cancelled, .other:
      false
    }
  }
}
