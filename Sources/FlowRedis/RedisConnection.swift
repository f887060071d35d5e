// One connection, for one thread at a time.
#if Redis
  import CHiredis
  import FlowProviders

  /// What a server answered.
  enum RedisReply: Equatable {
    case nothing
    case integer(Int64)
    case bytes([UInt8])
    case parts([RedisReply])
  }

  /// A connection that is logged in. Whatever fails on it, but for a refusal, ends its use.
  // One thread at a time has it: who takes it out of the pool.
  final class RedisConnection: @unchecked Sendable {
    private let context: UnsafeMutablePointer<redisContext>

    /// - Throws: ``RedisError``.
    init(_ setup: RedisConfiguration) throws(RedisError) {
      let limit = timeval(setup.connectTimeout)
      let made =
        switch setup.address {
        case .tcp(let host, let port): redisConnectWithTimeout(host, CInt(clamping: port), limit)
        case .unix(let path): redisConnectUnixWithTimeout(path, limit)
        }
      guard let made else { throw .away("out of memory") }
      context = made
      // From here on `deinit` closes it, also when this fails.
      guard made.pointee.err == 0 else { throw .away(String(cString: flows_redis_error(made))) }
      flows_redis_set_up(made)
      redisSetTimeout(made, timeval(setup.commandTimeout))
      if let password = setup.password {
        _ = try run(["AUTH"] + (setup.user.map { [$0] } ?? []) + [password.revealed])
      }
      if setup.database != 0 { _ = try run(["SELECT", "\(setup.database)"]) }
    }

    deinit { redisFree(context) }

    /// Runs a command of texts.
    func run(_ words: [String]) throws(RedisError) -> RedisReply { try run(words.map { Array($0.utf8) }) }

    /// Runs a command, whose words may hold any bytes.
    ///
    /// - Throws: ``RedisError``; after any but `refused` the connection is of no more use.
    func run(_ words: [[UInt8]]) throws(RedisError) -> RedisReply {
      // hiredis copies the words; they lie one behind the other so that all have an address at once.
      let joined = words.flatMap(\.self).map { CChar(bitPattern: $0) } + [0]
      let raw = joined.withUnsafeBufferPointer { bytes in
        var start = 0
        var pointers: [UnsafePointer<CChar>?] = words.map { word in
          defer { start += word.count }
          return bytes.baseAddress! + start
        }
        let lengths = words.map(\.count)
        return redisCommandArgv(context, CInt(words.count), &pointers, lengths)
      }
      guard let raw else { throw .away(String(cString: flows_redis_error(context))) }
      defer { freeReplyObject(raw) }
      return try RedisReply(raw.assumingMemoryBound(to: redisReply.self))
    }
  }

  extension RedisReply {
    fileprivate init(_ reply: UnsafePointer<redisReply>) throws(RedisError) {
      let reply = reply.pointee
      let bytes = UnsafeRawBufferPointer(start: reply.str, count: reply.str == nil ? 0 : Int(reply.len))
      switch reply.type {
      case REDIS_REPLY_NIL: self = .nothing
      case REDIS_REPLY_INTEGER: self = .integer(reply.integer)
      case REDIS_REPLY_STRING, REDIS_REPLY_STATUS: self = .bytes(Array(bytes))
      case REDIS_REPLY_ERROR: throw .refused(String(decoding: bytes, as: UTF8.self))
      default:
        var parts: [RedisReply] = []
        for index in 0..<Int(reply.elements) {
          guard let part = reply.element[index] else { continue }
          parts.append(try RedisReply(part))
        }
        self = .parts(parts)
      }
    }

    var text: String? {
      if case .bytes(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { nil }
    }
  }

  extension timeval {
    fileprivate init(_ duration: Duration) {
      let (seconds, attoseconds) = duration.components
      self.init(tv_sec: Int(clamping: seconds), tv_usec: .init(attoseconds / 1_000_000_000_000))
    }
  }
#endif
