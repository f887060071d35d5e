// Answers in Redis or Valkey.
#if Redis
  import FlowProviders
  import Flows

  /// Keeps answers in a Redis or Valkey, for all processes that reach it, and lets one of them at a time ask a provider
  /// the same.
  ///
  /// ```swift
  /// let redis = RedisBackend(RedisConfiguration(.tcp(host: "cache.local", port: 6379), password: secret))
  /// let cache = ResponseCache(backend: redis)
  /// ```
  ///
  /// Ages and ends are those of the server's clock. How much is kept is for the server to decide (`maxmemory`). A server
  /// that is away is left alone for a while, longer each time, and every command fails at once until then; the cache
  /// goes on without it, and with it as soon as it is back. Nothing here is done on the threads that tasks share.
  public final class RedisBackend: CacheBackend {
    private let pool: RedisPool
    private let prefix: String

    /// - Parameters:
    ///   - setup: where the server is. Nothing is connected before something is wanted of it.
    ///   - scheduler: whose time it is when the server is left alone.
    public init(
      _ setup: RedisConfiguration = RedisConfiguration(),
      scheduler: any FlowScheduler = SystemScheduler.shared
    ) {
      pool = RedisPool(setup, scheduler)
      prefix = setup.prefix
    }

    // MARK: Answers

    public func get(_ key: CacheKey) async throws -> CachedBytes? {
      guard case .parts(let parts) = try await run(Script.get, answer(key)) else { return nil }
      guard parts.count == 3, case .bytes(let value) = parts[0], case .integer(let left) = parts[1],
        let now = parts[2].text.flatMap({ Double($0) })
      else { return nil }
      let timeToLive: Duration? = left < 0 ? nil : .milliseconds(left)
      // What has no birth is handed on: whoever reads it finds that it is no answer.
      guard let end = value.firstIndex(of: UInt8(ascii: "\n")),
        let birth = Double(String(decoding: value[..<end], as: UTF8.self))
      else { return CachedBytes(value, age: .zero, timeToLive: timeToLive) }
      return CachedBytes(
        Array(value[(end + 1)...]), age: .milliseconds(Int64(max(0, now - birth) * 1000)),
        timeToLive: timeToLive)
    }

    public func put(_ bytes: [UInt8], for key: CacheKey, timeToLive: Duration?) async throws {
      let time = timeToLive.map { milliseconds($0) } ?? ""
      _ = try await run(Script.put, answer(key), [bytes, Array(time.utf8)])
    }

    public func remove(_ key: CacheKey) async throws {
      _ = try await pool.run([Array("DEL".utf8), Array(answer(key).utf8)])
    }

    // MARK: Leases

    public func acquireLease(for key: CacheKey, lasting duration: Duration) async throws -> CacheLease? {
      let lease = CacheLease(key)
      return try await holds(Script.acquire, lease, [milliseconds(duration)]) ? lease : nil
    }

    public func renew(_ lease: CacheLease, lasting duration: Duration) async throws -> Bool {
      try await holds(Script.renew, lease, [milliseconds(duration)])
    }

    public func release(_ lease: CacheLease) async throws { _ = try await holds(Script.release, lease) }

    private func holds(_ script: String, _ lease: CacheLease, _ more: [String] = []) async throws -> Bool {
      let words = ([lease.token] + more).map { Array($0.utf8) }
      return try await run(script, "\(prefix)lease:\(lease.key)", words) == .integer(1)
    }

    // MARK: Commands

    private func answer(_ key: CacheKey) -> String { "\(prefix)answer:\(key)" }

    /// Never 0, which the server refuses.
    private func milliseconds(_ duration: Duration) -> String {
      "\(max(1, Int64(duration / .milliseconds(1))))"
    }

    private func run(_ script: String, _ key: String, _ words: [[UInt8]] = []) async throws -> RedisReply {
      try await pool.run([Array("EVAL".utf8), Array(script.utf8), Array("1".utf8), Array(key.utf8)] + words)
    }

    /// What must be one step for all who look. Sent whole each time: a server that was restarted knows no scripts.
    private enum Script {
      static let get = """
        local value = redis.call('GET', KEYS[1])
        if not value then return false end
        local time = redis.call('TIME')
        local now = string.format('%d.%06d', time[1], time[2])
        return {value, redis.call('PTTL', KEYS[1]), now}
        """
      static let put = """
        local time = redis.call('TIME')
        local value = string.format('%d.%06d', time[1], time[2]) .. '\\n' .. ARGV[1]
        if ARGV[2] == '' then
          redis.call('SET', KEYS[1], value)
        else
          redis.call('SET', KEYS[1], value, 'PX', ARGV[2])
        end
        return 1
        """
      /// One who asks twice, because the first answer was lost, has it.
      static let acquire = """
        if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
        if redis.call('GET', KEYS[1]) == ARGV[1] then return 1 end
        return 0
        """
      static let renew = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        return redis.call('PEXPIRE', KEYS[1], ARGV[2])
        """
      static let release = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        return redis.call('DEL', KEYS[1])
        """
    }
  }
#endif
