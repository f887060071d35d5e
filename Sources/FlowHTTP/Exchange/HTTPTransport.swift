// How requests reach servers.
import Flows

/// Something that carries a request to a server and its response back.
///
/// ```swift
/// let tokens = transport.exchange(request).body().serverSentEvents()
/// ```
public protocol HTTPTransport: Sendable {
  /// The response to `request`, as it arrives: its head, then its body.
  ///
  /// Every run is an exchange of its own; nothing is sent before the first part is asked for. **Demand.** One part
  /// for each that is asked for, of whatever size it arrived in. What is not asked for is not read: a consumer that
  /// stops reading stops the server. **Completion.** When the response is whole. **Failure.** With an `HTTPError`,
  /// after the parts that came. **Cancellation.** Closes the exchange at once, so that the server knows.
  func exchange(_ request: HTTPRequest) -> Flow<HTTPPart>
}

extension HTTPTransport {
  /// Sends `request` and waits for the whole response, whatever its status.
  ///
  /// - Throws: ``HTTPError``, or `CancellationError` when the task is cancelled.
  public func response(
    to request: HTTPRequest, isolation: isolated (any Actor)? = #isolation
  ) async throws -> HTTPResponse {
    let (head, body) = try await exchange(request).reduce(into: (HTTPHead?.none, [UInt8]())) { whole, part in
      switch part {
      case .head(let head): whole.0 = head
      case .body(let bytes): whole.1 += bytes
      }
    }
    guard let head else { throw HTTPError.protocolViolation("a response without a head") }
    return HTTPResponse(head: head, body: Bytes(body))
  }
}

extension Flow where Element == HTTPPart {
  /// Delivers the body of a response, and fails when the server answered something else than was asked for.
  ///
  /// **Demand.** One part for each that is asked for; the head comes on top. **Failure.** A response that is not
  /// accepted fails the flow with ``HTTPStatusError``, when its body has come as far as `limit`, or ended in whatever
  /// way.
  ///
  /// - Parameters:
  ///   - limit: the most bytes that are kept of the body of a response that is not accepted.
  ///   - isAccepted: whether a response is what was asked for. By default those are that say success.
  public func body(
    keeping limit: Int = 64 << 10,
    if isAccepted: @escaping @Sendable (HTTPHead) -> Bool = { $0.isSuccess }
  ) -> Flow<Bytes> {
    Flow<Bytes> { context in
      let upstream = start(in: context)
      var refused: Refusal?
      return { room in
        while true {
          var tookHead = false
          // Of a response that is not accepted nothing is delivered, but somebody must want to know.
          let poll = Chunk<HTTPPart>.scratch(refused == nil ? room.room : Swift.min(room.room, 1)) { parts in
            let poll = upstream(&parts)
            while let part = parts.next() {
              switch part {
              case .head(let head):
                tookHead = true
                if !isAccepted(head) { refused = Refusal(head) }
              case .body(let bytes): if refused?.add(bytes, upTo: limit) == nil { room.append(bytes) }
              }
            }
            return poll
          }
          if let refused, refused.count >= limit || poll.isTerminal { return .failed(refused.error) }
          // The head took the place of a part that was asked for.
          if tookHead, !poll.isTerminal { continue }
          return poll
        }
      }
    }
  }
}

/// A response that is not accepted, as far as it has come.
private struct Refusal {
  private let head: HTTPHead
  private var body: [UInt8] = []

  init(_ head: HTTPHead) { self.head = head }

  var count: Int { body.count }
  var error: HTTPStatusError { HTTPStatusError(HTTPResponse(head: head, body: Bytes(body))) }

  mutating func add(_ bytes: Bytes, upTo limit: Int) { body += bytes.prefix(limit - body.count) }
}
