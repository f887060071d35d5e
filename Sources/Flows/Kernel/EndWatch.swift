// How a part of a run ended.

/// How a flow came to its end, seen from inside.
public enum FlowExit: Sendable {
  case finished
  case failed(any Error)
  /// The consumer left before.
  case cancelled
}

/// Runs an action once when its scope ends, with what the stage has noted until then.
@usableFromInline
final class EndWatch: Resource, @unchecked Sendable {
  private let action: @Sendable (FlowExit) -> Void
  private let lock = Lock()
  private var exit = FlowExit.cancelled  // guarded by `lock`

  init(_ action: @escaping @Sendable (FlowExit) -> Void) { self.action = action }

  /// This is what the stage answers.
  @usableFromInline
  func note(_ poll: Poll) {
    switch poll {
    case .more, .pending: break
    case .finished: lock(self) { exit = .finished }
    case .failed(let error): lock(self) { exit = .failed(error) }
    }
  }

  override func release() { action(lock(self) { exit }) }
}

extension FlowContext {
  /// Runs `action` once when this run, or the child that the stage belongs to, ends: cancelled, unless the stage
  /// notes another end before.
  @usableFromInline
  func watchEnd(_ action: @escaping @Sendable (FlowExit) -> Void) -> EndWatch {
    let watch = EndWatch(carried(action))
    scope.own(watch)
    return watch
  }
}
