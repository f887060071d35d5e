// What a flow gave up, for tests.
import Synchronization

@testable import Flows

/// Writes down what was discarded, and why.
final class Discards: Sendable {
  private let entries = Mutex<[(value: String, reason: DiscardReason)]>([])

  /// The values that were given up by a policy.
  var byPolicy: [String] { all(.policy) }
  /// The values that were lost because the run ended.
  var byEnd: [String] { all(.ended) }

  private func all(_ reason: DiscardReason) -> [String] {
    entries.withLock { $0.filter { $0.reason == reason }.map(\.value) }
  }

  fileprivate func note(_ value: any Sendable, _ reason: DiscardReason) {
    entries.withLock { $0.append((String(describing: value), reason)) }
  }
}

extension Flow {
  /// Tells `discards` what this flow gives up.
  func noting(_ discards: Discards) -> Flow {
    Flow { context in
      self.start(in: context.with { $0.discardHook = { discards.note($0, $1) } })
    }
  }
}
