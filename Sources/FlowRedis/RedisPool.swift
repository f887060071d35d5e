// Connections that are used again, and a server that is left alone while it is away.
#if Redis
  import CHiredis
  import FlowProviders
  import Flows

  /// A bounded number of connections, each with a thread that may wait for it.
  // What changes is guarded by the lock.
  final class RedisPool: @unchecked Sendable {
    private let setup: RedisConfiguration
    private let scheduler: any FlowScheduler
    private let crew: Crew
    private let lock = Lock()
    // All guarded by `lock`.
    private var idle: [RedisConnection] = []
    private var pause: Duration?
    private var pauseEnd = FlowInstant.distantFuture
    private var reason = ""

    init(_ setup: RedisConfiguration, _ scheduler: any FlowScheduler) {
      self.setup = setup
      self.scheduler = scheduler
      crew = Crew(name: "flows.redis", threads: setup.connections, queue: setup.queue)
    }

    deinit { crew.dismiss() }

    /// Runs a command. A connection that broke while nobody used it is replaced, and the command sent again: it must
    /// do no harm when it is done twice.
    ///
    /// - Throws: ``RedisError``; `CancellationError` at once when the task is cancelled.
    func run(_ words: [[UInt8]]) async throws -> RedisReply {
      // Without waiting for a thread.
      try checkPause()
      return try await crew.run { [self] in try runHere(words) }
    }

    private func runHere(_ words: [[UInt8]]) throws(RedisError) -> RedisReply {
      // Any thread may get a connection that another one has made.
      flows_redis_block_sigpipe()
      if let connection = lock(self, { idle.popLast() }) {
        do {
          return try use(connection, words)
        } catch .away {
          // What broke this one broke all.
          let dead = lock(self) {
            defer { idle = [] }
            return idle
          }
          withExtendedLifetime(dead) {}
        }
      }
      return try use(try connect(), words)
    }

    private func use(_ connection: RedisConnection, _ words: [[UInt8]]) throws(RedisError) -> RedisReply {
      do {
        let reply = try connection.run(words)
        putBack(connection)
        return reply
      } catch {
        if case .refused = error { putBack(connection) }
        throw error
      }
    }

    private func putBack(_ connection: RedisConnection) { lock(self) { idle.append(connection) } }

    // MARK: A server that is away

    /// - Throws: ``RedisError/paused(_:)`` while the server is left alone.
    private func checkPause() throws(RedisError) {
      let now = scheduler.now
      let reason = lock(self) { pause != nil && now < pauseEnd ? self.reason : nil }
      if let reason { throw .paused(reason) }
    }

    private func connect() throws(RedisError) -> RedisConnection {
      try claimAttempt()
      do {
        let connection = try RedisConnection(setup)
        lock(self) { pause = nil }
        return connection
      } catch {
        leaveAlone(because: "\(error)")
        throw error
      }
    }

    /// While the server is away one at a time looks whether it is back; the others go on without it.
    private func claimAttempt() throws(RedisError) {
      let now = scheduler.now
      let reason = lock(self) { () -> String? in
        guard let pause else { return nil }
        if now < pauseEnd { return self.reason }
        pauseEnd = now.advanced(by: setup.connectTimeout + setup.commandTimeout + pause)
        return nil
      }
      if let reason { throw .paused(reason) }
    }

    private func leaveAlone(because reason: String) {
      let now = scheduler.now
      lock(self) {
        let next = pause.map { min($0 * 2, setup.pause.upperBound) } ?? setup.pause.lowerBound
        pause = next
        pauseEnd = now.advanced(by: next)
        self.reason = reason
      }
    }
  }
#endif
