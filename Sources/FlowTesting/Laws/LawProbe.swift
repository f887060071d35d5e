// What stands for the user's closure.
import Flows

/// Called by the closures of an operator under the laws: it counts, it can be made to throw, and it is seen to be
/// let go.
public struct LawProbe: Sendable {
  /// The time in which the operator runs: for those that are handed a scheduler.
  public let time: VirtualTime
  let state: LawProbeState
  private let token: LiveCount.Token

  init(_ state: LawProbeState, _ live: LiveCount, _ time: VirtualTime) {
    self.time = time
    self.state = state
    token = live.token()
  }

  /// Answers with `value`, or throws when it is its turn to.
  public func call<Value>(_ value: Value) throws -> Value {
    try withExtendedLifetime(token) {
      if state.enter() { throw LawFailure() }
      return value
    }
  }

  /// The same for a closure that cannot throw.
  public func note<Value>(_ value: Value) -> Value {
    withExtendedLifetime(token) { state.noteCall() }
    return value
  }
}

/// What a closure throws under the laws.
struct LawFailure: Error, CustomStringConvertible {
  var description: String { "the error of a closure" }
}

/// The calls of one run. Guarded by its lock.
final class LawProbeState: @unchecked Sendable {
  private let lock = Lock()
  private let failingCall: Int?
  private var calls = 0
  private var throwingCalls = 0

  init(failingCall: Int?) { self.failingCall = failingCall }

  /// How often a closure was called that can throw.
  var count: Int { lock(self) { throwingCalls } }

  /// True when this call must throw.
  func enter() -> Bool {
    lock(self) {
      calls += 1
      throwingCalls += 1
      return throwingCalls == failingCall
    }
  }

  func noteCall() { lock(self) { calls += 1 } }
}
