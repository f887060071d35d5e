// Errors with nowhere to go.
import Synchronization

extension FlowContext {
  /// Hands an error that comes when nobody waits for the flow any more to `onDiscard`.
  ///
  /// When nobody listens there, the first one in the life of the process is said on standard error: it would be lost
  /// without a trace, and is no reason to end the process.
  func discard(stray error: any Error) { Stray.hand(error, to: environment.discardHook) }
}

@usableFromInline
enum Stray {
  private static let isSaid = Atomic<Bool>(false)

  @usableFromInline
  static func hand(_ error: any Error, to hook: DiscardHook?) {
    // That is how a task says that it has heard of the end.
    if error is CancellationError { return }
    if let hook { return hook(error, .ended) }
    if isSaid.exchange(true, ordering: .relaxed) { return }
    Platform.say(
      "Flows: an error came when its flow had ended already: \(error). "
        + "onDiscard(of: (any Error).self) hears of such errors; this is said only once.")
  }
}
