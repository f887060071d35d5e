// A backend in a folder.
import Flows

/// Keeps answers in the files of a folder, for processes that share it.
///
/// ```swift
/// let cache = ResponseCache(backend: FileBackend(folder: "/var/cache/answers"))
/// ```
///
/// A file is put in its place whole: whoever reads it sees the old answer or the new one, also after a crash. Only the
/// owner can read what it makes. When the folder holds more than it may, the answers go that were used longest ago; each
/// process looks at least when it has put a sixteenth of that there. Nothing here is done on the threads that tasks share.
public final class FileBackend: CacheBackend {
  private let shelf: FileShelf
  private let crew = Crew(name: "flows.cache", threads: 2, queue: 1024)

  /// - Parameters:
  ///   - folder: made when it is not there; the folder around it must be.
  ///   - maxBytes: about how much it holds at most.
  ///   - now: the time of day, in seconds since 1970: what processes have in common.
  public init(
    folder: String, maxBytes: Int = 1 << 30, now: (@Sendable () -> Double)? = nil
  ) {
    shelf = FileShelf(LocalFolder(folder), maxBytes: maxBytes, now: now ?? { WallClock.seconds })
  }

  deinit { crew.dismiss() }

  public func get(_ key: CacheKey) async throws -> CachedBytes? {
    try await crew.run { [shelf] in try shelf.get(key) }
  }

  public func put(_ bytes: [UInt8], for key: CacheKey, timeToLive: Duration?) async throws {
    try await crew.run { [shelf] in try shelf.put(bytes, for: key, timeToLive) }
  }

  public func remove(_ key: CacheKey) async throws { try await crew.run { [shelf] in try shelf.remove(key) } }

  public func acquireLease(for key: CacheKey, lasting duration: Duration) async throws -> CacheLease? {
    try await crew.run { [shelf] in try shelf.acquireLease(key, duration) }
  }

  public func renew(_ lease: CacheLease, lasting duration: Duration) async throws -> Bool {
    try await crew.run { [shelf] in try shelf.renew(lease, duration) }
  }

  public func release(_ lease: CacheLease) async throws {
    try await crew.run { [shelf] in try shelf.release(lease) }
  }
}

/// The folder, for threads that may wait for it.
// What changes is guarded by the lock.
private final class FileShelf: @unchecked Sendable {
  private let folder: LocalFolder
  private let maxBytes: Int
  private let now: @Sendable () -> Double
  private let lock = Lock()
  /// What was put there since the folder was last looked through; `nil` before the first time. Guarded by `lock`.
  private var unseen: Int?

  init(_ folder: LocalFolder, maxBytes: Int, now: @escaping @Sendable () -> Double) {
    self.folder = folder
    self.maxBytes = maxBytes
    self.now = now
  }

  // MARK: Answers

  func get(_ key: CacheKey) throws -> CachedBytes? {
    let file = folder[key.digest + Kind.answer]
    guard let bytes = try contents(of: file) else { return nil }
    // What has no times of its own is handed on: whoever reads it finds that it is no answer.
    guard let (times, rest) = Times.read(bytes) else {
      return CachedBytes(bytes, age: .zero, timeToLive: nil)
    }
    let now = now()
    if let end = times.end, end <= now {
      try file.remove()
      return nil
    }
    file.touch()
    return CachedBytes(
      rest, age: .seconds(max(0, now - times.start)), timeToLive: times.end.map { .seconds($0 - now) })
  }

  func put(_ bytes: [UInt8], for key: CacheKey, _ timeToLive: Duration?) throws {
    try folder.make()
    let now = now()
    let times = Times(start: now, end: timeToLive.map { now + $0.seconds })
    try folder[key.digest + Kind.answer].replace(with: times.line + bytes)
    let mustLook = lock(self) {
      let sum = (unseen ?? maxBytes) + bytes.count
      unseen = sum > maxBytes / 16 ? 0 : sum
      return unseen == 0
    }
    if mustLook { try lookThrough() }
  }

  func remove(_ key: CacheKey) throws { try folder[key.digest + Kind.answer].remove() }

  private func contents(of file: LocalFile) throws -> [UInt8]? {
    do {
      return try file.read(upTo: maxBytes, for: .owner)
    } catch let failure as LocalFile.Failure where failure.isAbsent {
      return nil
    }
  }

  /// Takes away what is too much, and what those left behind who died.
  private func lookThrough() throws {
    let now = now()
    var answers: [(file: LocalFile, stamp: LocalFile.Stamp)] = []
    for name in try folder.names() where name != Kind.lock {
      let file = folder[name]
      guard let stamp = file.stamp else { continue }
      if name.hasSuffix(Kind.answer) {
        answers.append((file, stamp))
      } else if Double(stamp.seconds) < now - 3600 {
        try file.remove()
      }
    }
    var bytes = answers.reduce(0) { $0 + $1.stamp.size }
    if bytes <= maxBytes { return }
    for (file, stamp) in answers.sorted(by: { $0.stamp < $1.stamp }) {
      // A little more, so that not every answer has to make room for itself.
      if bytes <= maxBytes - maxBytes / 16 { break }
      try file.remove()
      bytes -= stamp.size
    }
  }

  // MARK: Leases

  func acquireLease(_ key: CacheKey, _ duration: Duration) throws -> CacheLease? {
    try alone { file in
      let now = now()
      if let end = try times(of: file(key))?.times.end, end > now { return nil }
      let lease = CacheLease(key)
      try write(lease, file(key), until: now + duration.seconds)
      return lease
    }
  }

  func renew(_ lease: CacheLease, _ duration: Duration) throws -> Bool {
    try alone { file in
      let now = now()
      guard let (times, token) = try times(of: file(lease.key)), token == lease.token, let end = times.end,
        end > now
      else { return false }
      try write(lease, file(lease.key), until: now + duration.seconds)
      return true
    }
  }

  func release(_ lease: CacheLease) throws {
    try alone { file in
      if try times(of: file(lease.key))?.token == lease.token { try file(lease.key).remove() }
    }
  }

  /// Runs `body` while no other process, and no other thread, changes a lease.
  private func alone<R>(_ body: (_ file: (CacheKey) -> LocalFile) throws -> R) throws -> R {
    try folder.make()
    return try folder[Kind.lock].locked { _ in try body { folder[$0.digest + Kind.lease] } }
  }

  private func write(_ lease: CacheLease, _ file: LocalFile, until end: Double) throws {
    try file.replace(with: Times(start: now(), end: end).line + Array(lease.token.utf8))
  }

  /// A lease that nobody can read is nobody's.
  private func times(of file: LocalFile) throws -> (times: Times, token: String)? {
    guard let bytes = try contents(of: file), let (times, token) = Times.read(bytes) else { return nil }
    return (times, String(decoding: token, as: UTF8.self))
  }

  private enum Kind {
    static let answer = ".answer"
    static let lease = ".lease"
    static let lock = "lock"
  }

  /// The first line of a file: since when, and until when, it is true.
  private struct Times {
    var start: Double
    var end: Double?

    var line: [UInt8] {
      let object: JSONValue = ["start": .number(start), "end": end.map { .number($0) } ?? .null]
      return object.bytes + [UInt8(ascii: "\n")]
    }

    static func read(_ bytes: [UInt8]) -> (times: Times, rest: [UInt8])? {
      guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")),
        let line = try? JSONValue(parsing: bytes[..<end]),
        let start = line["start"]?.double
      else { return nil }
      return (Times(start: start, end: line["end"]?.double), Array(bytes[(end + 1)...]))
    }
  }
}

extension LocalFile.Stamp {
  fileprivate static func < (a: LocalFile.Stamp, b: LocalFile.Stamp) -> Bool {
    (a.seconds, a.nanoseconds) < (b.seconds, b.nanoseconds)
  }
}
