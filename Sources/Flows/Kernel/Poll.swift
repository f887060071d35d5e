// What a stage answers when it is asked.

/// The answer of a stage to a poll.
///
/// Elements that were written into the room before any of these answers are delivered first, in order.
/// After `.finished` or `.failed` a stage is never polled again.
@frozen
public enum Poll {
  /// Ask again when you want more. A stage that filled its room and has not ended answers this, whether it has
  /// more by now or not: nobody has asked it yet.
  case more
  /// There is nothing now for the room that is left; the run will be woken.
  case pending
  /// The flow is complete.
  case finished
  /// The flow has failed.
  case failed(any Error)
}

extension Poll {
  /// `.finished` or `.failed`: the stage must not be polled again.
  @inlinable
  public var isTerminal: Bool {
    switch self {
    case .more, .pending: false
    case .finished, .failed: true
    }
  }

  /// How often a stage polls several sources that have nothing to say before it leaves its driver a turn: only
  /// that hears of a cancellation.
  @inlinable
  static var patience: Int { 64 }

  @inlinable
  var asksAgain: Bool {
    if case .more = self { true } else { false }
  }
}
