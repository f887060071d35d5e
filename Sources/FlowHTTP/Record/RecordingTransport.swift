// Writes down what goes over another transport.
import Flows

/// Carries requests with another transport, and writes every exchange down, without its secrets.
///
/// ```swift
/// let transport = RecordingTransport(CurlTransport.shared) { exchange in file.append(exchange.text) }
/// ```
public final class RecordingTransport: HTTPTransport {
  private let base: any HTTPTransport
  private let redaction: Redaction
  private let onExchange: @Sendable (HTTPRecording.Exchange) -> Void

  /// - Parameters:
  ///   - base: what carries the requests.
  ///   - redaction: what is secret.
  ///   - onExchange: called once for each exchange when it has ended, in whatever way, by whoever ended it.
  public init(
    _ base: any HTTPTransport, redaction: Redaction = Redaction(),
    onExchange: @escaping @Sendable (HTTPRecording.Exchange) -> Void
  ) {
    self.base = base
    self.redaction = redaction
    self.onExchange = onExchange
  }

  public func exchange(_ request: HTTPRequest) -> Flow<HTTPPart> {
    Flow { [self] context in
      let journal = Journal(request)
      // Registered before the exchange, so that it is called after that was let go.
      context.onEnd { [redaction, onExchange] in
        if let exchange = journal.close(at: context.now, .left) { onExchange(redaction(exchange)) }
      }
      let upstream = base.exchange(request).start(in: context)
      return { room in
        if !room.isFull { journal.begin(at: context.now) }
        let start = room.count
        let poll = upstream(&room)
        // Nothing is left out: this only looks.
        room.keep(from: start) { part in
          journal.note(part, at: context.now)
          return true
        }
        if let end = HTTPRecording.End(poll), let exchange = journal.close(at: context.now, end) {
          self.onExchange(self.redaction(exchange))
        }
        return poll
      }
    }
  }
}

extension HTTPRecording.End {
  /// `nil` when `poll` is no end.
  fileprivate init?(_ poll: Poll) {
    switch poll {
    case .more, .pending: return nil
    case .finished: self = .finished
    case .failed(let error): self = .failed(error as? HTTPError ?? .transport("\(error)"))
    }
  }
}

/// What is known of one exchange so far.
// Everything is guarded by the lock: a cancellation comes from any thread.
private final class Journal: @unchecked Sendable {
  private let lock = Lock()
  private var exchange: HTTPRecording.Exchange
  /// `nil` before the request.
  private var start: FlowInstant?
  private var isClosed = false

  init(_ request: HTTPRequest) { exchange = HTTPRecording.Exchange(request, []) }

  func begin(at instant: FlowInstant) { lock(self) { start = start ?? instant } }

  func note(_ part: HTTPPart, at instant: FlowInstant) { lock(self) { add(.init(part), at: instant) } }

  /// The exchange, the first time; `nil` when it was closed before, or nothing was ever asked for.
  func close(at instant: FlowInstant, _ end: HTTPRecording.End) -> HTTPRecording.Exchange? {
    lock(self) {
      if isClosed || start == nil { return nil }
      isClosed = true
      add(.end(end), at: instant)
      return exchange
    }
  }

  private func add(_ what: HTTPRecording.Event.What, at instant: FlowInstant) {
    exchange.events.append(HTTPRecording.Event(after: (start ?? instant).duration(to: instant), what))
  }
}
