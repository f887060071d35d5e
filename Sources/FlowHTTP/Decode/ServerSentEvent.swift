// What a stream of server-sent events says.

/// Something that stands in a stream of server-sent events.
///
/// Everything is kept as bytes, slices of what came from the network; text is made by who asks for it.
public enum ServerSentEvent: Sendable, Hashable {
  /// An event.
  case message(Message)
  /// A line that begins with a colon: servers and proxies send them to keep a connection alive.
  case comment(Bytes)
  /// How long the server asks a client to wait before it connects again.
  case retry(Duration)
  /// A line that is no field: some servers put a bare JSON error after their events. The standard ignores it.
  case stray(Bytes)

  /// The data of an event, and what it is about.
  public struct Message: Sendable, Hashable {
    /// The values of its `data` fields, joined by line feeds.
    public let data: Bytes
    /// The value of its `event` field; empty when there was none, which the standard calls `message`.
    public let type: Bytes
    /// The value of the last `id` field, of this event or one before.
    public let lastEventID: Bytes
    /// False when the bytes ended before the blank line that ends an event. The standard drops such an event;
    /// servers exist whose last event is one.
    public let isComplete: Bool

    public init(data: Bytes, type: Bytes = Bytes(), lastEventID: Bytes = Bytes(), isComplete: Bool = true) {
      self.data = data
      self.type = type
      self.lastEventID = lastEventID
      self.isComplete = isComplete
    }
  }

  /// The event, when this is one.
  @inlinable
  public var message: Message? { if case .message(let message) = self { message } else { nil } }
}
