// What went over the wire, as a value: what was asked, and what came when.

/// Exchanges with servers, written down: every piece as it arrived, and when.
///
/// As ``text`` it is a file that people can read and edit; see there for the format.
public struct HTTPRecording: Sendable, Hashable {
  public var exchanges: [Exchange]

  public init(_ exchanges: [Exchange] = []) { self.exchanges = exchanges }

  /// One request and what came of it.
  public struct Exchange: Sendable, Hashable {
    /// What was asked. Its limits are not written down.
    public var request: HTTPRequest
    public var events: [Event]

    public init(_ request: HTTPRequest, _ events: [Event]) {
      self.request = request
      self.events = events
    }

    /// An exchange made up: a response in these pieces, one every `interval`.
    public init(
      _ request: HTTPRequest, head: HTTPHead = HTTPHead(status: 200), pieces: [Bytes],
      every interval: Duration = .zero
    ) {
      self.request = request
      events = [Event(after: .zero, .head(head))]
      for (number, piece) in pieces.enumerated() {
        events.append(Event(after: interval * (number + 1), .body(piece)))
      }
      events.append(Event(after: interval * (pieces.count + 1), .end(.finished)))
    }
  }

  /// Something that came.
  public struct Event: Sendable, Hashable {
    /// How long after the request.
    public var offset: Duration
    public var what: What

    public init(after offset: Duration, _ what: What) {
      self.offset = offset
      self.what = what
    }

    /// The head, a piece of the body as it was cut, or the end.
    public enum What: Sendable, Hashable {
      case head(HTTPHead)
      case body(Bytes)
      case end(End)
    }
  }

  /// How an exchange ended.
  public enum End: Sendable, Hashable {
    case finished
    case failed(HTTPError)
    /// The consumer left.
    case left
  }
}

extension HTTPRecording.Event.What {
  init(_ part: HTTPPart) {
    switch part {
    case .head(let head): self = .head(head)
    case .body(let bytes): self = .body(bytes)
    }
  }
}
