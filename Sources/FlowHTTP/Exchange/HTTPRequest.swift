// What is asked of a server.

/// A request, whole: a value that can be sent any number of times.
public struct HTTPRequest: Sendable, Hashable {
  public var method: String
  /// An absolute `http` or `https` address.
  public var url: String
  public var headers: HTTPHeaders
  /// What is sent after the headers; empty for nothing.
  public var body: Bytes
  public var limits: HTTPLimits

  public init(
    _ method: String, _ url: String, headers: HTTPHeaders = [:], body: Bytes = Bytes(),
    limits: HTTPLimits = HTTPLimits()
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.limits = limits
  }
}

extension HTTPRequest: CustomStringConvertible, CustomReflectable {
  /// The method and the address, without anything that may be secret.
  public var description: String { "\(method) \(Redaction.bareAddress(url))" }

  /// What a debugger or a failed test prints is no more than the description.
  public var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}

/// How long the parts of an exchange may take, and how much may come. Each limit that is `nil` is none.
///
/// Time is that of the run. The limits on time bound the network, not the consumer: while nothing is asked for,
/// the gap between bytes is not counted.
public struct HTTPLimits: Sendable, Hashable {
  /// From the beginning to a connection that is ready: names, sockets, TLS.
  public var connect: Duration?
  /// From there to the first byte of the response. The request is sent in this time too; a server that loads a
  /// model first may need minutes.
  public var firstByte: Duration?
  /// Between one byte of the response and the next, while somebody waits for it.
  public var betweenBytes: Duration?
  /// From the beginning to the end of the response.
  public var total: Duration?
  /// The most bytes of a body.
  public var body: Int?

  public init(
    connect: Duration? = .seconds(30), firstByte: Duration? = .seconds(600),
    betweenBytes: Duration? = .seconds(300), total: Duration? = nil, body: Int? = nil
  ) {
    self.connect = connect
    self.firstByte = firstByte
    self.betweenBytes = betweenBytes
    self.total = total
    self.body = body
  }

  /// No limits at all.
  public static let none = HTTPLimits(connect: nil, firstByte: nil, betweenBytes: nil)

  /// The limit on the time of a phase.
  public subscript(phase: HTTPPhase) -> Duration? {
    switch phase {
    case .connect: connect
    case .firstByte: firstByte
    case .betweenBytes: betweenBytes
    case .total: total
    }
  }

  /// What is wrong with the limits: a limit of nothing is a mistake, not a wish.
  var mistake: HTTPError? {
    for phase in HTTPPhase.allCases {
      if let limit = self[phase], limit <= .zero {
        return .invalidRequest("the limit \(phase) is \(limit); for none, leave it out")
      }
    }
    if let body, body < 0 { return .invalidRequest("a body of at most \(body) bytes makes no sense") }
    return nil
  }
}

/// What an exchange can spend its time on.
public enum HTTPPhase: String, Sendable, Hashable, CaseIterable {
  case connect, firstByte, betweenBytes, total
}
