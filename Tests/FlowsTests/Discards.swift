// What a flow discarded, as a test hears it.
@testable import Flows

/// Writes down what is discarded by the flows that are told to it.
final class Discards: Sendable {
  private let notes = Journal<(String, DiscardReason)>()

  /// All that was discarded, in order.
  var all: [String] { notes.entries.map(\.0) }

  /// What was discarded for `reason`, in order.
  func all(_ reason: DiscardReason) -> [String] {
    notes.entries.filter { $0.1 == reason }.map(\.0)
  }

  fileprivate func note(_ value: any Sendable, _ reason: DiscardReason) {
    notes.note(("\(value)", reason))
  }
}

extension Flow {
  /// Tells `discards` what this flow discards.
  func telling(_ discards: Discards) -> Flow {
    Flow { context in start(in: context.with { $0.discardHook = { discards.note($0, $1) } }) }
  }
}
