// One run of a source whose elements come from a test.
import Flows

/// A queue between a test and a stage. It counts what is asked of it, and notices when it is asked wrongly.
// What changes is guarded by the lock.
final class SourceRun<Element: Sendable>: @unchecked Sendable {
  let context: FlowContext
  private let id: Int
  private let log: SourceLog
  private let misbehaviour: Misbehaviour
  private let lock = Lock()
  // All guarded by `lock`.
  private var queue: [Element] = []
  private var ending: Poll?
  private var hasAnswered = false
  private var isOver = false
  private var isPolled = false
  /// Room lent and not filled.
  private var outstanding = 0
  private var whims = 0

  init(_ context: FlowContext, _ log: SourceLog, _ misbehaviour: Misbehaviour = []) {
    self.context = context
    self.log = log
    self.misbehaviour = misbehaviour
    log.bearWitness(to: context.scheduler)
    id = log.subscribed(at: context.noted)
    context.onEnd { [self] in end() }
  }

  /// The stage of this run. It reports its own death.
  var stage: Flow<Element>.Stage {
    let token = StageToken(log)
    return { [self] room in
      _ = token
      return fill(&room)
    }
  }

  /// Adds to what the stage will deliver. False when the run is over or was ended before.
  @discardableResult
  func send(_ elements: [Element], _ ending: Poll? = nil) -> Bool {
    let isHeard = lock(self) {
      if isOver, !misbehaviour.contains(.ignoresCancellation) { return false }
      if self.ending != nil, !misbehaviour.contains(.signalsAfterEnd) { return false }
      queue += elements
      if self.ending == nil { self.ending = ending }
      return true
    }
    if isHeard { wake() }
    return isHeard
  }

  /// Says that there may be something new. What the consumer starts then is in its own time.
  func wake() {
    if let time = context.scheduler as? VirtualTime {
      time.asDefault { context.scope.wake() }
    } else {
      context.scope.wake()
    }
  }

  private func fill(_ room: inout Chunk<Element>) -> Poll {
    let lent = room.room
    log.watch(lent)
    noteRequest(of: room.isEmpty && lent >= Chunk<Element>.capacity ? .max : lent)
    let (poll, mustWake) = lock(self) { () -> (Poll, Bool) in
      defer { isPolled = false }
      let count = min(lent, queue.count)
      for element in queue[..<count] { room.append(element) }
      queue.removeFirst(count)
      if outstanding != .max { outstanding = lent - count }
      log.delivered(count, run: id, outstanding: outstanding)
      if !queue.isEmpty { return (.more, false) }
      if let ending {
        hasAnswered = true
        return (ending, false)
      }
      // Room that was filled is used up: whether there is more to be asked for, nobody has said yet.
      if room.isFull { return (.more, false) }
      whims += 1
      if misbehaviour.contains(.stutters), whims % 4 != 0 { return (.more, false) }
      return (.pending, misbehaviour.contains(.wakesWithoutReason) && whims < 100)
    }
    if mustWake { wake() }
    return poll
  }

  private func noteRequest(of lent: Int) {
    let now = context.noted
    lock(self) {
      if isPolled { log.violation("polled while it was being polled (rule 1.3)") }
      if hasAnswered { log.violation("polled after its end (rule 1.7)") }
      isPolled = true
      // Room that is lent again is not a new request.
      let asked = lent == .max ? (outstanding == .max ? 0 : .max) : max(0, lent - outstanding)
      guard asked > 0 else { return }
      outstanding = asked == .max ? .max : outstanding.addingRoom(asked)
      log.asked(asked, run: id, at: now)
    }
  }

  private func end() {
    let wasCancelled = lock(self) {
      isOver = true
      if !misbehaviour.contains(.ignoresCancellation) { queue = [] }
      return !hasAnswered
    }
    log.ended(run: id, wasCancelled: wasCancelled, at: context.noted)
  }
}

/// Alive as long as the stage that holds it.
private final class StageToken: Sendable {
  private let log: SourceLog
  init(_ log: SourceLog) {
    self.log = log
    log.stage(+1)
  }
  deinit { log.stage(-1) }
}

/// What a `TestFlow` does on purpose that no source should do. That it delivers more than it was asked for is not among
/// it: there is no room for that.
public struct Misbehaviour: OptionSet, Sendable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Takes elements and wakes its consumer after it has ended.
  public static let signalsAfterEnd = Misbehaviour(rawValue: 1)
  /// Goes on waking its consumer after it was cancelled.
  public static let ignoresCancellation = Misbehaviour(rawValue: 2)
  /// Wakes its consumer again and again with nothing to say.
  public static let wakesWithoutReason = Misbehaviour(rawValue: 4)
  /// Asks to be polled again with nothing to say. (It may: three times of four.)
  public static let stutters = Misbehaviour(rawValue: 8)
}
