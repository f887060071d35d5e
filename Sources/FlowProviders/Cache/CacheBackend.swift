// Where several caches, in several processes, find each other's answers.
import Flows

/// A store that caches share, and a way for them to agree who asks a provider.
///
/// It keeps bytes under keys, and need not keep them: what it has lost is asked for again. Nothing that it throws fails a
/// request. It must not block the threads that tasks share, and gives up by itself when its store does not answer.
public protocol CacheBackend: Sendable {
  /// What is kept for `key`, unless it is too old.
  func get(_ key: CacheKey) async throws -> CachedBytes?

  /// Keeps `bytes` for so long, in place of what was there; `nil` for ever.
  func put(_ bytes: [UInt8], for key: CacheKey, timeToLive: Duration?) async throws

  func remove(_ key: CacheKey) async throws

  /// The right to ask a provider, for so long; `nil` when somebody else has it.
  func acquireLease(for key: CacheKey, lasting duration: Duration) async throws -> CacheLease?

  /// Has the lease last so long from now on. False when it is over, and may be somebody else's.
  func renew(_ lease: CacheLease, lasting duration: Duration) async throws -> Bool

  /// Gives the lease back, if it is not over.
  func release(_ lease: CacheLease) async throws
}

/// What a backend keeps.
public struct CachedBytes: Sendable, Equatable {
  public var bytes: [UInt8]
  /// How long it has been there.
  public var age: Duration
  /// How long it will be; `nil` for ever.
  public var timeToLive: Duration?

  public init(_ bytes: [UInt8], age: Duration, timeToLive: Duration?) {
    self.bytes = bytes
    self.age = age
    self.timeToLive = timeToLive
  }
}

/// The right to ask a provider for one answer.
public struct CacheLease: Sendable, Hashable {
  public let key: CacheKey
  /// What its holder knows and nobody else does, so that nobody gives back what is not theirs.
  public let token: String

  public init(_ key: CacheKey, token: String) {
    self.key = key
    self.token = token
  }

  /// A lease with a token that nobody else makes up.
  public init(_ key: CacheKey) {
    var generator = SystemRandomNumberGenerator()
    let parts = [generator.next(), generator.next()].map { String($0, radix: 16) }
    self.init(key, token: parts.joined(separator: "-"))
  }
}
