// Another attempt at the same provider.
import Flows

/// How many retries the flows may make that share it: every first attempt earns a share of one, so that in an outage no
/// more than that share becomes more load. The same kind of account as that of a hedge; both may draw on one.
public typealias RetryBudget = HedgeBudget

/// Asks again when a provider has failed in a way that may pass.
///
/// ```swift
/// let budget = RetryBudget(share: 0.1, reserve: 10)
/// let patient = openAI.with(ProviderRetry(budget: budget))
/// ```
///
/// What may pass, the error says (``ProviderError/isRetryable``), and so does the provider: `x-should-retry`, and how long
/// to wait, in all spellings (``ProviderError/retryAfter``): never earlier than that. When it names no time, the policy's
/// backoff decides.
///
/// - **Never twice.** After a part of the answer was delivered, the error is passed on, unless ``afterOutput`` says how to
///   go on. Asides (rate limits, loading of a model) are no part of it.
/// - **Wait.** A wait that would be longer than ``longestWait`` fails at once, with the provider's own error.
/// - **Report.** Each attempt is told to ``onFailure``, stands in ``ProviderError/attempts`` when the last has failed too,
///   and as a ``Warning`` of the kind `retried` in the answer.
public struct ProviderRetry: Middleware {
  /// What becomes of an answer that broke off.
  public enum AfterOutput: Sendable {
    /// It fails.
    case fail
    /// It goes on, with the rest that is asked for in this way; a warning of the kind `seam` stands between. See
    /// ``ProviderGroup/failover(continuing:when:)``.
    case resume(AnswerContinuation)
  }

  /// How many attempts, and which waits when the provider names none.
  public var policy: RetryPolicy
  /// The longest wait that is waited.
  public var longestWait: Duration
  /// Shared by all flows whose retries it bounds; `nil` for no bound.
  public var budget: RetryBudget?
  public var afterOutput: AfterOutput
  /// Called for each attempt that has failed.
  public var onFailure: (@Sendable (ProviderError.Attempt) -> Void)?

  public init(
    _ policy: RetryPolicy = RetryPolicy(
      maxAttempts: 3, backoff: .exponential(initial: .milliseconds(500), factor: 2, max: .seconds(8)),
      jitter: .equal),
    longestWait: Duration = .seconds(120), budget: RetryBudget? = nil, afterOutput: AfterOutput = .fail,
    onFailure: (@Sendable (ProviderError.Attempt) -> Void)? = nil
  ) {
    self.policy = policy
    self.longestWait = longestWait
    self.budget = budget
    self.afterOutput = afterOutput
    self.onFailure = onFailure
  }

  public func intercept(_ request: ChatRequest, next: @escaping Next) -> Flow<ChatEvent> {
    let isContinued = if case .resume = afterOutput, (request.choices ?? 1) <= 1 { true } else { false }
    return .succession(isContinued: isContinued) { context in
      RetryPlan(self, request, next, from: context.now)
    }
  }
}

private struct RetryPlan: SuccessionPlan {
  private let setup: ProviderRetry
  private let request: ChatRequest
  private let next: Middleware.Next
  private var attempts: Attempts
  private var count = 1

  init(
    _ setup: ProviderRetry, _ request: ChatRequest, _ next: @escaping Middleware.Next, from start: FlowInstant
  ) {
    self.setup = setup
    self.request = request
    self.next = next
    var policy = setup.policy
    policy.delayCap = setup.longestWait
    policy.delayFrom = { [delay = setup.policy.delayFrom] error in
      (error as? ProviderError)?.retryAfter ?? delay(error)
    }
    policy.retryIf = { [retryIf = setup.policy.retryIf] error in
      (error as? ProviderError)?.isRetryable == true && retryIf(error)
    }
    attempts = Attempts(policy, from: start)
  }

  mutating func first() -> (flow: Flow<ChatEvent>, provider: String) {
    setup.budget?.earn()
    return (next(request), "")
  }

  mutating func sequel(to error: ProviderError, after progress: AnswerProgress, at now: FlowInstant) -> Sequel
  {
    var request = request
    switch progress {
    case .nothing: break
    case .fixed: return .fail(error)
    case .text(let text):
      guard case .resume(let continuation) = setup.afterOutput else { return .fail(error) }
      request = continuation.request(request, text)
    }
    if let wait = error.retryAfter ?? setup.policy.delayFrom(error), wait > setup.longestWait {
      return .fail(error)
    }
    guard case .wait(let delay) = attempts.next(after: error, at: now), setup.budget?.spend() ?? true else {
      return .fail(error)
    }
    count += 1
    let what = "attempt \(count - 1) failed (\(error)); the next comes after \(delay)"
    let isSeam = if case .text = progress { true } else { false }
    return .attempt(next(request), by: "", after: delay, saying: Warning(isSeam ? .seam : .retried, what))
  }

  func note(_ attempt: ProviderError.Attempt) { setup.onFailure?(attempt) }
}
