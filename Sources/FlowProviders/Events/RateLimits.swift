// How much more a provider will take.

/// The limits that came with an answer's headers.
public struct RateLimits: Sendable, Hashable {
  public struct Limit: Sendable, Hashable {
    public var limit: Int?
    public var remaining: Int?
    /// How long until the limit is full again.
    public var reset: Duration?

    public init(limit: Int? = nil, remaining: Int? = nil, reset: Duration? = nil) {
      self.limit = limit
      self.remaining = remaining
      self.reset = reset
    }

    public var isEmpty: Bool { self == Limit() }
  }

  public var requests = Limit()
  public var tokens = Limit()
  public var inputTokens = Limit()
  public var outputTokens = Limit()

  public init() {}

  public var isEmpty: Bool { self == RateLimits() }

  /// How long until there is something left of every limit of which nothing is; `nil` when something is left of all.
  public var untilMore: Duration? {
    [requests, tokens, inputTokens, outputTokens].filter { ($0.remaining ?? 1) <= 0 }.compactMap(\.reset)
      .max()
  }
}
