// The first of several providers.
import Flows

/// What decides a race of providers.
public enum AnswerRace: Sendable {
  /// The first token. What comes before (rate limits, the loading of a model) decides nothing.
  case firstToken
  /// The first whole answer, which is delivered when it is complete.
  case firstComplete
  /// The first whole answer of which this is true. An error thrown is as good as false.
  case firstValid(@Sendable (ChatResponse) throws -> Bool)
}

extension ProviderGroup {
  /// A provider that asks all, and delivers the answer of the one that is first.
  ///
  /// **Demand.** Until it is decided, each is asked for one event at a time. **Failure.** One that fails before is given
  /// up; when all have, with the error that came first. After the decision, the failure of the winner.
  /// **Cancellation.** The others are let go, their connections closed, before the first event of the winner is delivered.
  public func race(decidedBy decision: AnswerRace) -> any ChatProvider {
    let until: Withholding.Until =
      switch decision {
      case .firstToken: .firstToken
      case .firstComplete: .end { _ in true }
      case .firstValid(let isValid): .end(isValid)
      }
    return GroupProvider(name: "race(\(name))", group: self) { request in
      .race(
        providers.map { $0.stream(request).expanded { Withholding(until: until) } },
        decidedBy: .firstElement)
    }
  }
}
