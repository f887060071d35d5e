// Plays what was recorded.
import Flows

/// Answers requests out of a recording: the same pieces, at the same moments of the run's time.
///
/// In virtual time an answer of minutes takes no time at all. The limits of a request hold here too.
public final class ReplayTransport: HTTPTransport {
  /// When the pieces come.
  public enum Timing: Sendable, Hashable {
    case recorded
    /// All at once, as soon as they are asked for.
    case immediate
    /// So many times faster than they were recorded.
    case faster(by: Int)
  }

  /// Which exchange answers a request.
  public enum Matching: Sendable, Hashable {
    /// The first with the same method and address, but for the query, that was not played yet; when all were, the
    /// last of them.
    case address
    /// The first that was not played yet, whatever was asked; when all were, the last.
    case order
  }

  private let recording: HTTPRecording
  private let timing: Timing
  private let matching: Matching
  private let played: Played

  public init(_ recording: HTTPRecording, timing: Timing = .recorded, matching: Matching = .address) {
    if case .faster(let factor) = timing {
      precondition(factor > 0, "a recording cannot be played \(factor) times faster")
    }
    self.recording = recording
    self.timing = timing
    self.matching = matching
    played = Played()
  }

  public func exchange(_ request: HTTPRequest) -> Flow<HTTPPart> {
    Flow { [self] context in
      var clock = LimitClock(request.limits, context)
      let next = context.alarm()
      var start: FlowInstant?
      var events: ArraySlice<HTTPRecording.Event> = []
      var progress = HTTPProgress()
      progress.connected()
      return { room in
        if start == nil {
          if room.isFull { return .more }
          guard let exchange = self.nextExchange(for: request) else {
            return .failed(HTTPError.connect("the recording has no answer to \(request)"))
          }
          events = exchange.events[...]
          start = context.now
          clock.start()
        }
        while let event = events.first {
          let due = (start ?? context.now).advanced(by: self.timing(event.offset))
          if context.now < due {
            next.set(at: due)
            break
          }
          switch event.what {
          case .end(let end): return end.poll
          case .head(let head):
            if room.isFull { return .more }
            room.append(.head(head))
          case .body(let bytes):
            if room.isFull { return .more }
            room.append(.body(bytes))
          }
          progress.received()
          events.removeFirst()
        }
        if events.isEmpty { return HTTPRecording.End.left.poll }
        if let error = clock.check(progress, isWaiting: !room.isFull) { return .failed(error) }
        return room.isFull ? .more : .pending
      }
    }
  }

  private func nextExchange(for request: HTTPRequest) -> HTTPRecording.Exchange? {
    let address = Redaction.bareAddress(request.url)
    let candidates = recording.exchanges.indices.filter { index in
      let recorded = recording.exchanges[index].request
      return matching == .order
        || recorded.method == request.method && Redaction.bareAddress(recorded.url) == address
    }
    return played.next(of: candidates).map { recording.exchanges[$0] }
  }
}

extension ReplayTransport.Timing {
  fileprivate func callAsFunction(_ offset: Duration) -> Duration {
    switch self {
    case .recorded: offset
    case .immediate: .zero
    case .faster(let factor): offset / factor
    }
  }
}

extension HTTPRecording.End {
  fileprivate var poll: Poll {
    switch self {
    case .finished: .finished
    case .failed(let error): .failed(error)
    case .left: .failed(HTTPError.closed("the recording ends here: its consumer left"))
    }
  }
}

/// Which exchanges were played.
// The set is guarded by the lock.
private final class Played: @unchecked Sendable {
  private let lock = Lock()
  private var indices: Set<Int> = []

  func next(of candidates: [Int]) -> Int? {
    lock(self) {
      guard let index = candidates.first(where: { !indices.contains($0) }) ?? candidates.last else {
        return nil
      }
      indices.insert(index)
      return index
    }
  }
}
