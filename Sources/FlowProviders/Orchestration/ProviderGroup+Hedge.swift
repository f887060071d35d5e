// A second provider beside a slow one.
import Flows

/// How long a provider may be silent before another one is asked beside it.
public enum HedgeDelay: Sendable {
  case after(Duration)
  /// As long as the slowest few of the last answers took: a quantile of their times to the first token (0.95 for all but
  /// one of twenty), at least `least`. As long as too few are known, `unknown`.
  case quantile(Double, of: FirstTokenTimes, least: Duration, unknown: Duration)
}

extension ProviderGroup {
  /// A provider that asks the first, and one more of the group whenever no token has come for a while; it delivers the
  /// answer whose first token comes first. When there are more attempts than providers, it begins with the first again.
  ///
  /// **Demand.** Until it is decided, each is asked for one event at a time. **Failure.** An attempt that fails is given up
  /// while another runs; when none runs any more, with the error that came first: see ``fallback(when:)`` for that.
  /// **Cancellation.** The others are let go, their connections closed, before the first event of the winner is delivered.
  ///
  /// - Parameters:
  ///   - delay: how long to wait for a token.
  ///   - limit: the most attempts at a time, the first included; less than 1 traps.
  ///   - budget: bounds the further attempts of all answers that share it.
  public func hedged(
    after delay: HedgeDelay, max limit: Int = 2, budget: HedgeBudget? = nil
  ) -> any ChatProvider {
    GroupProvider(name: "hedged(\(name))", group: self) { request in
      Flow { context in
        let turn = Guarded(0)
        let attempt = Flow<ChatEvent>.deferred {
          let index = turn.change { turn in
            defer { turn += 1 }
            return turn
          }
          let answer = providers[index % providers.count].stream(request)
            .expanded { Withholding(until: .firstToken) }
          if case .quantile(_, let times, _, _) = delay { return answer.measured(by: times) }
          return answer
        }
        return attempt.hedge(max: limit, budget: budget) { _ in delay.duration }.start(in: context)
      }
    }
  }
}

extension ChatProvider {
  /// This provider, asked again beside itself when no token has come for a while. See
  /// ``ProviderGroup/hedged(after:max:budget:)``.
  public func hedged(after delay: HedgeDelay, max limit: Int = 2, budget: HedgeBudget? = nil)
    -> any ChatProvider
  {
    ProviderGroup(self).hedged(after: delay, max: limit, budget: budget)
  }
}

extension HedgeDelay {
  var duration: Duration {
    switch self {
    case .after(let delay): delay
    case .quantile(let part, let times, let least, let unknown):
      times.quantile(part).map { max($0, least) } ?? unknown
    }
  }
}
