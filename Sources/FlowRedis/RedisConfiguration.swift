// Where a Redis or Valkey is, and how it is spoken to.
#if Redis
  import FlowProviders

  /// A server that speaks the protocol of Redis: Redis itself, Valkey.
  public struct RedisConfiguration: Sendable, Hashable {
    public enum Address: Sendable, Hashable {
      case tcp(host: String, port: Int)
      case unix(path: String)
    }

    public var address: Address
    /// The name to log in with; `nil` for servers that only know a password.
    public var user: String?
    public var password: Secret?
    public var database: Int
    /// What all keys begin with.
    public var prefix: String
    /// The most connections; each is used by one command at a time.
    public var connections: Int
    /// The most commands that wait for a connection; one beyond that fails at once.
    public var queue: Int
    public var connectTimeout: Duration
    /// How long a command may take, once it has a connection.
    public var commandTimeout: Duration
    /// How long a server that was not there is left alone: at first, and at most. Until then commands fail at once.
    public var pause: ClosedRange<Duration>

    public init(
      _ address: Address = .tcp(host: "127.0.0.1", port: 6379), user: String? = nil, password: Secret? = nil,
      database: Int = 0, prefix: String = "flows:", connections: Int = 4, queue: Int = 1024,
      connectTimeout: Duration = .milliseconds(500), commandTimeout: Duration = .seconds(1),
      pause: ClosedRange<Duration> = .milliseconds(100) ... .seconds(5)
    ) {
      precondition(connections > 0 && queue >= 0, "somebody must carry the commands")
      precondition(connectTimeout > .zero && commandTimeout > .zero, "a server needs time to answer")
      self.address = address
      self.user = user
      self.password = password
      self.database = database
      self.prefix = prefix
      self.connections = connections
      self.queue = queue
      self.connectTimeout = connectTimeout
      self.commandTimeout = commandTimeout
      self.pause = pause
    }
  }

  /// Why a command was not done.
  public enum RedisError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no connection, or it broke.
    case away(String)
    /// The server is left alone for a while, because it was away.
    case paused(String)
    /// The server does not want to, in its own words.
    case refused(String)

    public var description: String {
      switch self {
      case .away(let reason): "Redis is away: \(reason)"
      case .paused(let reason): "Redis was away and is left alone for a moment: \(reason)"
      case .refused(let reason): "Redis refuses: \(reason)"
      }
    }
  }
#endif
