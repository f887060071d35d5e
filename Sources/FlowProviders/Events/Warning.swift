// What was odd about an answer, and did not stop it.

/// A deviation that was tolerated.
public struct Warning: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable {
    /// A frame was not JSON and was left out.
    case malformedFrame
    /// The stream ended after its finish, but without the end mark of its protocol.
    case missingEndMark
    /// The end mark came, but no finish reason before it.
    case missingFinish
    /// The last event was not closed by an empty line.
    case unterminatedEvent
    /// Bytes that belong to no event.
    case strayBytes
    /// A tool call's complete arguments differ from its pieces; the complete ones count.
    case argumentsDiffer
    /// A piece of something that had ended was left out.
    case latePiece
    /// The sequence of events was repaired, or is reported broken.
    case sequence
    /// An attempt failed and was made again.
    case retried
    /// Another provider answers, since the one before has failed.
    case fellBack
    /// What follows was said by another attempt than what stands before.
    case seam
    /// There is no more money: the answer was cut.
    case budget
    /// The provider itself warns.
    case provider
  }

  public var kind: Kind
  public var message: String

  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}
