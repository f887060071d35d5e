// What a configuration says of the cache.

/// How answers are kept, as it was configured.
public struct CacheSettings: Sendable, Hashable {
  /// The most answers that are at hand.
  public var entries: Int
  /// About how much memory they take together at most.
  public var size: Int
  /// How long an answer is true; `nil` for ever.
  public var age: Duration?
  /// Where answers are shared with other processes; `nil` for nowhere.
  public var folder: String?
  /// About how much that folder holds at most.
  public var folderSize: Int

  /// The cache of these settings.
  public func makeCache() -> ResponseCache {
    ResponseCache(
      maxEntries: entries, maxBytes: size, ttl: age,
      backend: folder.map { FileBackend(folder: $0, maxBytes: folderSize) })
  }
}

extension Configuration {
  /// The cache; `nil` when nothing is said of one, and then there is none.
  public var cache: CacheSettings? {
    guard entries.contains(where: { $0.path.begins(with: ["cache"]) }) else { return nil }
    return CacheSettings(
      entries: self["cache.entries"]?.integer ?? 10_000, size: self["cache.size"]?.size ?? 64 << 20,
      age: self["cache.age"]?.duration, folder: self["cache.folder"]?.text,
      folderSize: self["cache.folderSize"]?.size ?? 1 << 30)
  }
}

extension ConfigurationSchema {
  /// The section `cache`.
  static let cache = Node.section([
    "entries": .value(.integer(in: 0...1_000_000_000), default: .integer(10_000)),
    "size": .value(.size(), default: .size(64 << 20)),
    "age": .value(.duration(.orUnlimited), default: .duration(.seconds(3600))),
    "folder": .value(.text),
    "folderSize": .value(.size(), default: .size(1 << 30)),
  ])
}
