// Looking where others look too, before a provider is asked.
import Flows

/// How long a cache waits for others who share its backend.
public struct CacheSharing: Sendable, Hashable {
  /// How long the right to ask a provider lasts when its holder dies. A living one renews it.
  public var lease: Duration
  /// How long the answer of another process is waited for; then the provider is asked all the same.
  public var patience: Duration
  /// How long the backend may take to look for something, or to take an answer in; then the cache goes on without it.
  public var timeout: Duration

  public init(
    lease: Duration = .seconds(10), patience: Duration = .seconds(60), timeout: Duration = .seconds(2)
  ) {
    precondition(lease > .zero && timeout > .zero, "a lease and a time-out take a while")
    self.lease = lease
    self.patience = patience
    self.timeout = timeout
  }
}

/// One search for an answer that is not at hand.
struct CacheSearch: Sendable {
  let cache: ResponseCache
  let key: CacheKey
  let use: CacheUse
  let replay: CacheReplay
  let scheduler: any FlowScheduler

  private enum Found: Sendable {
    case answer(CachedAnswer, age: Duration)
    case lease(CacheLease)
    case nothing
  }

  /// Another process asks the provider.
  private struct Busy: Error {}

  /// The answer of the backend, or else that of the provider.
  func flow(for flight: Flight, asking provider: @escaping @Sendable () -> Flow<ChatEvent>) -> Flow<ChatEvent>
  {
    guard let backend = cache.backend, use != .refresh else {
      return .deferred { [self] in
        cache.countMiss(key)
        return provider()
      }
    }
    let policy = RetryPolicy(
      maxAttempts: .max,
      backoff: .exponential(initial: .milliseconds(10), factor: 2, max: .milliseconds(250)), jitter: .equal,
      totalBudget: sharing.patience, retryIf: { $0 is Busy })
    return look(in: backend).retry(policy)
      .catch { error in
        // Others take too long, or the backend does.
        if !(error is RetryExhausted) { cache.backendFailed(error) }
        return .just(.nothing)
      }
      .concatMap { [self] found in
        switch found {
        case .answer(let answer, let age):
          flight.isGivenAgain = true
          return answer.told(age: age, replay)
        case .lease(let lease):
          LeaseKeeper(lease, backend, cache, scheduler).hand(to: flight)
        case .nothing: break
        }
        cache.countMiss(key)
        return provider()
      }
  }

  /// The answer of the backend, or a failure.
  var flowOfWhatIsKept: Flow<ChatEvent> {
    let missing = ProviderError(.notFound, "no answer is kept for this request", code: "not_cached")
    guard let backend = cache.backend else { return .fail(missing) }
    return Flow<Found>.future { [self] in
      let found = await cache.attempt { try await answer(in: backend) }
      return found.flatMap { $0 } ?? .nothing
    }
    .timeout(total: sharing.timeout)
    .catch { error in
      cache.backendFailed(error)
      return .just(.nothing)
    }
    .concatMap { [replay] found in
      if case .answer(let answer, let age) = found { answer.told(age: age, replay) } else { .fail(missing) }
    }
  }

  private var sharing: CacheSharing { cache.sharing }

  private func look(in backend: any CacheBackend) -> Flow<Found> {
    Flow<Found>.future { [self] in
      if let found = try await answer(in: backend) { return found }
      guard let lease = try await backend.acquireLease(for: key, lasting: sharing.lease) else {
        cache.backendAnswered()
        throw Busy()
      }
      // Whoever had the lease before may have put the answer there since.
      if let found = try? await answer(in: backend) {
        try? await backend.release(lease)
        return found
      }
      cache.backendAnswered()
      return .lease(lease)
    }
    .timeout(total: sharing.timeout)
  }

  private func answer(in backend: any CacheBackend) async throws -> Found? {
    guard let found = try await backend.get(key) else { return nil }
    cache.backendAnswered()
    guard let answer = CachedAnswer(found.bytes, for: key) else {
      cache.foundCorrupt(key)
      try await backend.remove(key)
      return nil
    }
    cache.take(answer, for: key, found, at: scheduler.now)
    return .answer(answer, age: found.age)
  }
}

/// Renews a lease as long as an answer is under way.
final class LeaseKeeper: Sendable {
  let lease: CacheLease
  private let renewals: FlowSubscription

  init(
    _ lease: CacheLease, _ backend: any CacheBackend, _ cache: ResponseCache, _ scheduler: any FlowScheduler
  ) {
    self.lease = lease
    let duration = cache.sharing.lease
    renewals = Flow<FlowTick>.interval(every: duration / 3)
      .asyncMap { _ in
        // Lost: somebody else may ask by now. That costs a call, not an answer.
        await cache.attempt { try await backend.renew(lease, lasting: duration) } ?? true
      }
      .prefix(while: { $0 })
      .scheduler(scheduler)
      .subscribe { _ in
      }
  }

  /// From now on the lease is the flight's affair. One that is over gives it back at once.
  func hand(to flight: Flight) { if !flight.take(self) { end() } }

  /// Renews no more.
  func end() { renewals.cancel() }
}
