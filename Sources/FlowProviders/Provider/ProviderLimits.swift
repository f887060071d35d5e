// How long a provider may keep somebody waiting.
import FlowHTTP

/// How long the parts of an answer may take. A limit that is `nil` is none; one of zero or less is refused, when the
/// flow is run, as an invalid request.
///
/// Each ends the answer with a ``ProviderError`` of the kind `timeout` that names it. Only time in which somebody
/// waits for the provider counts: a slow consumer never uses any of it up. An answer that the provider has called
/// complete does not fail for want of its end mark: see ``afterFinish``.
public struct ProviderLimits: Sendable, Hashable {
  /// From the beginning to a connection that is ready: names, sockets, TLS.
  public var connect: Duration?
  /// From there to the first byte. A server that loads a model first may need minutes.
  public var firstByte: Duration?
  /// From the beginning to the first token. Signs of life, such as comments, do not count as one.
  public var firstToken: Duration?
  /// Between two tokens.
  public var betweenTokens: Duration?
  /// Between any two bytes; signs of life count.
  public var betweenBytes: Duration?
  /// For the whole.
  public var total: Duration?
  /// From the moment in which the provider has called the answer complete to the end mark of its protocol. When it
  /// passes, the answer is complete all the same, with a warning.
  public var afterFinish: Duration?

  public init(
    connect: Duration? = .seconds(30), firstByte: Duration? = .seconds(600),
    firstToken: Duration? = .seconds(900), betweenTokens: Duration? = .seconds(600),
    betweenBytes: Duration? = .seconds(300), total: Duration? = nil, afterFinish: Duration? = .seconds(10)
  ) {
    self.connect = connect
    self.firstByte = firstByte
    self.firstToken = firstToken
    self.betweenTokens = betweenTokens
    self.betweenBytes = betweenBytes
    self.total = total
    self.afterFinish = afterFinish
  }

  /// No limits at all.
  public static let none = ProviderLimits(
    connect: nil, firstByte: nil, firstToken: nil, betweenTokens: nil, betweenBytes: nil, afterFinish: nil)
}

extension ProviderLimits {
  /// Those that the transport watches.
  var http: HTTPLimits {
    HTTPLimits(connect: connect, firstByte: firstByte, betweenBytes: betweenBytes)
  }

  /// What is wrong with the limits: a limit of nothing is a mistake, not a wish.
  var mistake: ProviderError? {
    let all: [(String, Duration?)] = [
      ("connect", connect), ("firstByte", firstByte), ("firstToken", firstToken),
      ("betweenTokens", betweenTokens), ("betweenBytes", betweenBytes), ("total", total),
      ("afterFinish", afterFinish),
    ]
    for case (let name, .some(let limit)) in all where limit <= .zero {
      return ProviderError(.invalidRequest, "the limit \(name) is \(limit); for none, leave it out")
    }
    return nil
  }
}
