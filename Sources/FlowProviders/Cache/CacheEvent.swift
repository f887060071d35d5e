// What happens in a cache.

/// Something that happened in a ``ResponseCache``.
public enum CacheEvent: Sendable, Hashable {
  /// An answer was given again.
  case hit(CacheKey)
  /// A provider was asked.
  case missed(CacheKey)
  /// A request waits for the answer to another one that is the same.
  case joined(CacheKey)
  /// There was an answer, which was too old.
  case stale(CacheKey)
  /// An answer is kept: so many bytes.
  case stored(CacheKey, bytes: Int)
  /// An answer is not kept.
  case refused(CacheKey, CacheRefusal)
  /// An answer had to go, for want of room.
  case evicted(CacheKey)
  /// What the backend had could not be read: it was dropped.
  case corrupt(CacheKey)
  /// The backend does not do what it is asked: the cache goes on without it.
  case backendLost(String)
  /// The backend does again what it is asked.
  case backendBack
}

/// What a cache has done so far, and what it holds now.
public struct CacheStatistics: Sendable, Hashable {
  /// Requests that were answered without a provider, from here or from the backend.
  public var hits = 0
  /// Those among them that the backend had.
  public var backendHits = 0
  /// Requests for which a provider was asked.
  public var misses = 0
  /// Requests that waited for the answer to another one.
  public var joined = 0
  /// Answers that were found, and were too old.
  public var stale = 0
  /// Answers that had to go for want of room.
  public var evictions = 0
  public var stored = 0
  /// Answers that were not kept.
  public var refused = 0
  /// Tokens that were not paid for again, as far as providers report them.
  public var savedTokens = 0
  /// What the backend had and could not be read.
  public var corrupt = 0
  /// How often the backend did not do what it was asked.
  public var backendFailures = 0
  /// How many answers are at hand, and how many bytes they take.
  public var entries = 0
  public var bytes = 0

  public init() {}

  /// The part of the requests for which no provider was asked, from 0 to 1.
  public var hitRate: Double {
    let all = hits + misses + joined
    return all == 0 ? 0 : Double(hits + joined) / Double(all)
  }
}
