// How long first tokens took lately.
import Flows

/// The times from the beginning to the first token of the last answers, of all that share it.
///
/// An answer that is given up before its first token counts with the time until then, when that is longer than most took:
/// without those, the slow would be forgotten that a hedge has overtaken, and the estimate would become ever shorter.
public final class FirstTokenTimes: Sendable {
  private struct History {
    var all: [Duration] = []
    var next = 0
  }

  private let history = Guarded(History())
  /// How many are remembered.
  public let window: Int
  /// With fewer than this, nothing is said.
  public let least: Int

  /// - Parameters:
  ///   - window: how many are remembered, at least 1; anything else traps.
  ///   - least: how many must be known before a quantile is, from 1 to `window`; anything else traps.
  public init(window: Int = 200, least: Int = 20) {
    precondition(window > 0, "FirstTokenTimes(window: \(window)): at least one must be remembered")
    precondition((1...window).contains(least), "FirstTokenTimes(least: \(least)): between 1 and \(window)")
    self.window = window
    self.least = least
  }

  public func note(_ time: Duration) {
    history.change {
      if $0.all.count < window { $0.all.append(time) } else { $0.all[$0.next] = time }
      $0.next = ($0.next + 1) % window
    }
  }

  /// Notes that an answer was given up after so long without a token.
  func noteInVain(_ time: Duration) {
    if let usual = quantile(0.5), time >= usual { note(time) }
  }

  /// The time that so large a part of the answers did not exceed; `nil` while too few are known.
  ///
  /// - Parameter part: between 0 and 1; anything else traps.
  public func quantile(_ part: Double) -> Duration? {
    precondition((0...1).contains(part), "quantile(\(part)): between 0 and 1")
    let all = history.change(\.all)
    guard all.count >= least else { return nil }
    return all.sorted()[min(all.count - 1, Int((part * Double(all.count)).rounded(.up)) - (part > 0 ? 1 : 0))]
  }
}

extension Flow {
  /// Notes how long the first element took, or how long it was waited for in vain. Failures say nothing.
  func measured(by times: FirstTokenTimes) -> Flow {
    Flow { context in
      let scheduler = context.scheduler
      let start = Guarded<FlowInstant?>(context.now)
      /// How long it took; only the first time.
      @Sendable func taken() -> Duration? {
        start.change { start in
          defer { start = nil }
          return start?.duration(to: scheduler.now)
        }
      }
      return handleEvents(
        receiveOutput: { _ in if let time = taken() { times.note(time) } },
        receiveCompletion: { _ in _ = taken() },
        receiveCancel: { if let time = taken() { times.noteInVain(time) } }
      )
      .start(in: context)
    }
  }
}
