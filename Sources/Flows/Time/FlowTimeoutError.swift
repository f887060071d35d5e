// What a flow fails with that took too long.

/// A deadline of ``Flow/timeout(first:idle:total:onTimeout:)`` has passed.
public struct FlowTimeoutError: Error, Equatable, CustomStringConvertible {
  /// Which one.
  public enum Deadline: String, Sendable {
    case first, idle, total
  }
  public let deadline: Deadline
  /// How much time it gave.
  public let limit: Duration
  /// How many elements had been delivered.
  public let seen: Int
  /// How long the run had lasted.
  public let elapsed: Duration
  /// The name of the flow, when `named(_:)` gave it one further down.
  public let label: String?

  public init(deadline: Deadline, limit: Duration, seen: Int, elapsed: Duration, label: String? = nil) {
    self.deadline = deadline
    self.limit = limit
    self.seen = seen
    self.elapsed = elapsed
    self.label = label
  }

  public var description: String {
    let what =
      switch deadline {
      case .first: "no first element within \(limit)"
      case .idle: "no element for \(limit)"
      case .total: "not complete within \(limit)"
      }
    return "\(label.map { "\($0): " } ?? "")\(what) (\(seen) elements in \(elapsed))"
  }
}
