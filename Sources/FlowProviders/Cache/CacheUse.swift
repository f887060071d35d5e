// What a request allows a cache to do.

/// What a cache may do with one request.
///
/// ```swift
/// let fresh = request.with(\.cacheUse, .refresh)
/// ```
public enum CacheUse: String, Sendable, Hashable {
  /// Answer it when it can, and keep the answer when it cannot.
  case standard
  /// Nothing: the request passes by.
  case bypass
  /// Ask again, whatever is kept or under way, and keep the new answer instead of the old one.
  case refresh
  /// Answer it, or join it to one that is under way. When neither is possible it fails as `notFound`, and nobody is
  /// asked.
  case onlyIfCached
}
