// What a test is told when nothing can happen any more.
import Flows

/// Nothing is left to do in virtual time, and what is waited for has not ended.
public struct StuckFlow: Error, CustomStringConvertible {
  /// When nothing was left.
  public let instant: FlowInstant
  /// What the sources and recordings of the test know about it, a line each.
  public let hints: [String]
  let isEndless: Bool

  init(at instant: FlowInstant, isEndless: Bool, hints: [String]) {
    self.instant = instant
    self.isEndless = isEndless
    self.hints = hints
  }

  public var description: String {
    let elapsed = FlowInstant(nanoseconds: 0).duration(to: instant)
    let what =
      isEndless
      ? "endless at \(elapsed) of virtual time: work is planned without end, and the body has not ended."
      : """
      stuck at \(elapsed) of virtual time: no job is ready, no timer is set, and the body has not ended.
      It waits for an element that nobody will send, for demand that nobody will lend, or for something outside \
      of this time (Task.sleep, Task {}, another executor).
      """
    return ([what] + hints.map { "  - \($0)" }).joined(separator: "\n")
  }
}
