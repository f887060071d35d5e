// From several tasks to one consumer, at its pace.

/// Hands elements from tasks that wait to one consumer that asks.
///
/// ```swift
/// let rows = FlowChannel<Row>()
/// async let imported: Void = store.insert(rows.flow)
/// for file in files { try await rows.send(parse(file)) }
/// rows.finish()
/// ```
///
///     sent  -a-b-c-|
///     flow  -a-b-c-|
///
/// Nothing is buffered: `send` returns when the consumer has asked for the element. Several tasks may send; they stand
/// in line and are served in the order in which they came. One that is cancelled leaves the line, with its element,
/// and the others where they are.
///
/// A channel has one consumer, once: a second run of its flow fails with ``FlowRunTwice``. Before it comes senders
/// wait for it; when it has gone they are told so.
///
/// A channel that is let go completes: nobody could send any more.
public final class FlowChannel<Element: Sendable>: Sendable {
  private let rendezvous: Rendezvous<Element>
  /// What is sent.
  public let flow: Flow<Element>

  public init() {
    let rendezvous = Rendezvous<Element>()
    self.rendezvous = rendezvous
    flow = Flow { context in rendezvous.read(in: context) ?? { _ in .failed(FlowRunTwice()) } }
  }

  deinit { rendezvous.finish(.finished) }

  /// Sends `element`, and returns when the consumer has asked for it.
  ///
  /// - Throws: ``FlowChannelError`` when the channel has ended or the consumer is gone; `CancellationError` when the
  ///   task is cancelled before the element was asked for. Then it was not sent.
  public func send(_ element: Element) async throws {
    switch await rendezvous.send(element) {
    case nil: return
    case .ended: throw FlowChannelError.ended
    case .readerIsGone: throw FlowChannelError.consumerIsGone
    case .cancelled: throw CancellationError()
    }
  }

  /// Completes, after those who wait in line. Only the first end counts.
  public func finish() { rendezvous.finish(.finished) }

  /// Fails, after those who wait in line. Only the first end counts.
  public func fail(_ error: any Error) { rendezvous.finish(.failed(error)) }
}

/// An element could not be sent to a ``FlowChannel``.
public enum FlowChannelError: Error, Equatable, CustomStringConvertible {
  /// The channel was finished, or has failed.
  case ended
  /// The consumer has left, or has failed.
  case consumerIsGone

  public var description: String {
    switch self {
    case .ended: "the channel has ended: nothing can be sent any more"
    case .consumerIsGone: "the consumer of the channel is gone: nobody would get what is sent"
    }
  }
}
