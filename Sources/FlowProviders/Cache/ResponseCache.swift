// Answers that are given again.
import Flows

/// Keeps whole answers, and gives them to those who ask the same again; and lets those who ask the same at the same time
/// share one.
///
/// ```swift
/// let cache = ResponseCache(maxBytes: 64 << 20, ttl: .seconds(3600))
/// let provider = openAI.cached(by: cache)
/// ```
///
/// **What is the same.** Requests with the same ``CacheKey``. **What is kept.** Answers that are complete: that keep the
/// grammar, ended in one of the accepted reasons, and have no broken call. **What goes.** Answers that are too old, and
/// for want of room the one that was used longest ago. **Time** is that of the runs.
///
/// **At the same time.** The first of several requests that are the same is sent; the others hear its answer from the
/// beginning and then as it comes. It goes on as long as one of them listens, and is cancelled with the last. When it
/// fails, it fails for all: a retry stands around the cache. Its pace is that of the fastest listener; see
/// ``ChatProvider/cached(by:scope:replay:)``.
///
/// **With a backend** answers are also looked for, and kept, where other processes find them, and only one process at a
/// time asks a provider the same. A backend that is away costs nobody an answer: the cache goes on without it, and says
/// so in its ``events``.
// What changes is guarded by the lock.
public final class ResponseCache: @unchecked Sendable {
  /// What happens, from now on. A reader that is slow loses the oldest of 256.
  public let events: Flow<CacheEvent>

  let maxEntryBytes: Int
  let ttl: Duration?
  let reasons: Set<FinishReason>
  let backend: (any CacheBackend)?
  let sharing: CacheSharing
  private let subject: FlowSubject<CacheEvent>
  /// How many answers are on their way into the backend.
  private let writes = CurrentValueFlow(0)
  private let lock = Lock()
  // All guarded by `lock`.
  private var shelf: CacheShelf<CachedAnswer>
  private var flights: [CacheKey: Flight] = [:]
  private var counts = CacheStatistics()
  private var isBackendAway = false

  /// - Parameters:
  ///   - maxEntries: the most answers that are at hand; 0 leaves all to the backend.
  ///   - maxBytes: about how much memory they take together at most.
  ///   - maxEntryBytes: about how much one of them takes at most. What is larger is not kept.
  ///   - ttl: how long an answer is true; `nil` for ever. Zero or less traps.
  ///   - reasons: the ends of an answer that may be kept.
  ///   - backend: where answers are shared with others.
  ///   - sharing: how long others are waited for.
  public init(
    maxEntries: Int = 10_000, maxBytes: Int = 64 << 20, maxEntryBytes: Int = 4 << 20,
    ttl: Duration? = .seconds(3600), storing reasons: Set<FinishReason> = [.stop, .toolCalls],
    backend: (any CacheBackend)? = nil, sharing: CacheSharing = CacheSharing()
  ) {
    precondition(
      maxEntries >= 0 && maxBytes >= 0 && maxEntryBytes >= 0, "a cache cannot hold less than nothing")
    precondition(
      ttl.map { $0 > .zero } ?? true, "ttl: an answer must be true for a while; nil means for ever")
    self.maxEntryBytes = min(maxEntryBytes, backend == nil ? maxBytes : maxEntryBytes)
    self.ttl = ttl
    self.reasons = reasons
    self.backend = backend
    self.sharing = sharing
    shelf = CacheShelf(maxEntries: maxEntries, maxBytes: maxBytes)
    subject = FlowSubject(buffer: 256, whenFull: .dropOldest)
    events = subject.flow
  }

  /// What the cache has done, and what it holds.
  public var statistics: CacheStatistics {
    lock(self) {
      var now = counts
      now.entries = shelf.count
      now.bytes = shelf.bytes
      return now
    }
  }

  /// Forgets an answer, here and in the backend. Other processes that have it at hand keep it until it is too old.
  public func remove(_ key: CacheKey) async {
    lock(self) { _ = shelf.remove(key) }
    guard let backend else { return }
    await attempt { try await backend.remove(key) }
  }

  /// Forgets all answers that are at hand. The backend keeps its own.
  public func removeAll() { lock(self) { shelf.removeAll() } }

  /// Returns when all answers that are to be kept have reached the backend, or failed to. Before a program ends.
  public func flush() async { _ = try? await writes.flow.first { $0 == 0 } }

  // MARK: Looking

  enum Found {
    case answer(CachedAnswer, age: Duration)
    case under(Flight, Flight.Reader)
    /// Nobody has asked: the flight is made, and must depart.
    case first(Flight, Flight.Reader)
    case nothing
  }

  func find(_ key: CacheKey, _ use: CacheUse, in context: FlowContext) -> Found {
    let now = context.now
    while true {
      var happened: [CacheEvent] = []
      var answer: (CachedAnswer, Duration)?
      var isNew = false
      let flight = lock(self) { () -> Flight? in
        if use != .refresh {
          switch shelf.find(key, at: now) {
          case .value(let found, let age, _):
            counts.hits += 1
            counts.savedTokens &+= found.tokens
            happened.append(.hit(key))
            answer = (found, age)
            return nil
          case .stale:
            counts.stale += 1
            happened.append(.stale(key))
          case .nothing: break
          }
          if let flight = flights[key] { return flight }
          if use == .onlyIfCached { return nil }
        }
        isNew = true
        let flight = Flight(
          key, limit: maxEntryBytes, in: context, onOverflow: { [self] in forget($0) },
          onEnd: { [self] in settle($0) })
        flights[key] = flight
        return flight
      }
      defer { tell(happened) }
      if let answer { return .answer(answer.0, age: answer.1) }
      guard let flight else { return .nothing }
      guard let reader = flight.join(context) else {
        forget(flight)
        continue
      }
      if isNew { return .first(flight, reader) }
      lock(self) { counts.joined += 1 }
      happened.append(.joined(key))
      return .under(flight, reader)
    }
  }

  /// A provider is asked.
  func countMiss(_ key: CacheKey) {
    lock(self) { counts.misses += 1 }
    tell([.missed(key)])
  }

  // MARK: Keeping

  /// Nobody joins the flight any more.
  private func forget(_ flight: Flight) {
    lock(self) { if flights[flight.key] === flight { flights[flight.key] = nil } }
  }

  /// The flight is over: what it brought is kept, if it may be.
  private func settle(_ flight: Flight) {
    let (key, now) = (flight.key, flight.scheduler.now)
    let keeper = flight.takeKeeper()
    keeper?.end()
    // What came out of the backend is kept already.
    if flight.isGivenAgain { return forget(flight) }
    let result = Result { () throws(CacheRefusal) in
      guard let record = flight.record else { throw CacheRefusal.tooLarge }
      return try CachedAnswer(of: record, accepting: reasons)
    }
    var happened: [CacheEvent] = []
    let kept = lock(self) { () -> CachedAnswer? in
      let isCurrent = flights[key] === flight
      if isCurrent { flights[key] = nil }
      switch result {
      case .success(let answer):
        counts.savedTokens &+= answer.tokens &* flight.joiners
        // A newer one is under way, or was: this one was refreshed.
        guard isCurrent else { return nil }
        counts.stored += 1
        happened.append(.stored(key, bytes: answer.weight))
        keep(answer, for: key, at: now, left: ttl, &happened)
        return answer
      case .failure(let refusal):
        counts.refused += 1
        happened.append(.refused(key, refusal))
        return nil
      }
    }
    tell(happened)
    if kept != nil || keeper != nil { write(kept, for: flight, keeper?.lease) }
  }

  /// Puts an answer of the backend where it is at hand.
  func take(_ answer: CachedAnswer, for key: CacheKey, _ found: CachedBytes, at now: FlowInstant) {
    var happened: [CacheEvent] = [.hit(key)]
    let own = ttl.map { max(.zero, $0 - found.age) }
    let left = [own, found.timeToLive].compactMap(\.self).min()
    lock(self) {
      counts.hits += 1
      counts.backendHits += 1
      counts.savedTokens &+= answer.tokens
      keep(answer, for: key, age: found.age, at: now, left: left, &happened)
    }
    tell(happened)
  }

  /// Called with the lock held.
  private func keep(
    _ answer: CachedAnswer, for key: CacheKey, age: Duration = .zero, at now: FlowInstant, left: Duration?,
    _ happened: inout [CacheEvent]
  ) {
    let evicted = shelf.keep(answer, weight: answer.weight, for: key, age: age, at: now, left: left)
    counts.evictions += evicted.count
    happened += evicted.map { .evicted($0) }
  }

  /// Hands an answer to the backend, and gives the lease back. Nobody waits for it, but it may not take for ever: what
  /// is on its way is memory.
  private func write(_ answer: CachedAnswer?, for flight: Flight, _ lease: CacheLease?) {
    guard let backend else { return }
    let (key, ttl) = (flight.key, ttl)
    writes.update { $0 += 1 }
    Flow<Void>.future { [self] in
      if let answer {
        await attempt { try await backend.put(answer.bytes(for: key), for: key, timeToLive: ttl) }
      }
      if let lease { await attempt { try await backend.release(lease) } }
    }
    .timeout(total: sharing.timeout)
    .scheduler(flight.scheduler)
    .subscribe { _ in
    } onEnd: { [self] end in
      if case .failed(let error) = end { backendFailed(error) }
      writes.update { $0 -= 1 }
    }
    .detach()
  }

  // MARK: The backend

  /// Asks the backend for something. What it does not do is told, and is no failure.
  func attempt<R: Sendable>(_ body: @Sendable () async throws -> R) async -> R? {
    do {
      let result = try await body()
      backendAnswered()
      return result
    } catch {
      backendFailed(error)
      return nil
    }
  }

  func backendFailed(_ error: any Error) {
    // Whoever asked has left.
    if error is CancellationError { return }
    let isNews = lock(self) {
      counts.backendFailures += 1
      defer { isBackendAway = true }
      return !isBackendAway
    }
    if isNews { tell([.backendLost("\(error)")]) }
  }

  func backendAnswered() {
    let isNews = lock(self) {
      defer { isBackendAway = false }
      return isBackendAway
    }
    if isNews { tell([.backendBack]) }
  }

  /// What the backend had for `key` is no answer.
  func foundCorrupt(_ key: CacheKey) {
    lock(self) { counts.corrupt += 1 }
    tell([.corrupt(key)])
  }

  private func tell(_ events: [CacheEvent]) { for event in events { subject.send(event) } }
}
