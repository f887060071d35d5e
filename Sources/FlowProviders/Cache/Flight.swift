// One answer that is under way, for all who ask the same.
import Flows

/// A run of a provider, and those who read what it says, each from the beginning and at a pace of its own.
///
/// What was said is kept once, for all. As long as it fits into an entry, the fastest reader sets the pace, and the others
/// find waiting what they have not taken. Beyond that nobody can join any more, what all have read is let go, and no
/// reader gets further ahead of the slowest than an entry is large.
///
/// The run belongs to all readers: it is cancelled when the last one leaves.
// What changes is guarded by the lock.
final class Flight: Asked, @unchecked Sendable {
  /// One reader. Guarded by the lock of its flight.
  final class Reader {
    fileprivate let id: Int
    fileprivate let scope: Scope
    /// The number of the event that it gets next.
    fileprivate var next = 0
    /// Up to which number it has asked.
    fileprivate var goal = 0
    /// It was told that there is nothing, and must be woken.
    fileprivate var isAwaited = false

    fileprivate init(_ id: Int, _ scope: Scope) {
      self.id = id
      self.scope = scope
    }
  }

  /// What was said, and when, counted from the request.
  struct Record: Sendable {
    var events: [ChatEvent] = []
    var offsets: [Duration] = []
  }

  let key: CacheKey
  /// The time of the one who came first.
  let scheduler: any FlowScheduler
  private let limit: Int
  private let start: FlowInstant
  /// Told once, when the answer is over or nobody reads it any more, and before anybody hears of its end.
  private let onEnd: @Sendable (Flight) -> Void
  /// Told once, when nobody can join any more.
  private let onOverflow: @Sendable (Flight) -> Void

  private let lock = Lock()
  // All guarded by `lock`.
  private var log = Record()
  /// How many events were let go from the front of the log.
  private var base = 0
  /// About how many bytes the log takes.
  private var bytes = 0
  private var hasOverflowed = false
  private var readers: [Int: Reader] = [:]
  private var joined = 0
  private var feeder: Feeder?
  /// Up to which number anybody has asked, and up to which the run was told that it may go.
  private var goal = 0
  private var told = 0
  private var ending: Poll?
  private var isSettled = false
  /// Nobody reads any more.
  private var isClosed = false
  private var keeper: LeaseKeeper?
  private var isFromBackend = false

  init(
    _ key: CacheKey, limit: Int, in context: FlowContext, onOverflow: @escaping @Sendable (Flight) -> Void,
    onEnd: @escaping @Sendable (Flight) -> Void
  ) {
    self.key = key
    self.limit = limit
    self.onEnd = onEnd
    self.onOverflow = onOverflow
    scheduler = context.scheduler
    start = context.now
  }

  // MARK: Readers

  /// A new reader, which hears all from the beginning; `nil` when that cannot be any more.
  func join(_ context: FlowContext) -> Reader? {
    let reader = lock(self) { () -> Reader? in
      if isClosed || hasOverflowed { return nil }
      let reader = Reader(joined, context.scope)
      joined += 1
      readers[reader.id] = reader
      return reader
    }
    if let reader { context.onEnd { [self, id = reader.id] in leave(id) } }
    return reader
  }

  /// How many joined the first one.
  var joiners: Int { lock(self) { max(0, joined - 1) } }

  /// Asks `flow` for what the readers ask for. By whoever made the flight, after it has joined.
  func depart(_ flow: Flow<ChatEvent>, in context: FlowContext) {
    let feeder = Feeder(in: context)
    let isWanted = lock(self) {
      if isClosed { return false }
      self.feeder = feeder
      return true
    }
    if isWanted { feeder.start(flow, into: self) } else { feeder.cancel() }
  }

  func receive(_ reader: Reader, into room: inout Chunk<ChatEvent>) -> Poll {
    let (poll, feeder) = lock(self) { () -> (Poll, Feeder?) in
      while reader.next < end, !room.isFull {
        room.append(log.events[reader.next - base])
        reader.next += 1
      }
      if hasOverflowed { trim() }
      var poll = Poll.more
      if reader.next == end {
        if let ending {
          poll = ending
        } else {
          if !room.isFull { poll = .pending }
          reader.goal = reader.next.addingClamped(room.room)
          goal = max(goal, reader.goal)
          reader.isAwaited = true
        }
      }
      return (poll, mustAsk ? self.feeder : nil)
    }
    feeder?.wake()
    return poll
  }

  private func leave(_ id: Int) {
    let (feeder, isLast) = lock(self) { () -> (Feeder?, Bool) in
      guard readers.removeValue(forKey: id) != nil else { return (nil, false) }
      if readers.isEmpty {
        isClosed = true
        defer { self.feeder = nil }
        return (self.feeder, true)
      }
      // What it had asked for and the others have not is asked for no more.
      goal = readers.values.reduce(0) { max($0, $1.goal) }
      if hasOverflowed { trim() }
      return (mustAsk ? self.feeder : nil, false)
    }
    guard isLast else { return feeder?.wake() ?? () }
    feeder?.cancel()
    settle()
  }

  // MARK: The run

  func space() -> Int { lock(self) { tell() } }

  func send(draining batch: inout Chunk<ChatEvent>) -> Int {
    let offset = start.duration(to: scheduler.now)
    let (space, woken, overflows) = lock(self) { () -> (Int, [Scope], Bool) in
      while let event = batch.next() {
        bytes += event.weight
        log.events.append(event)
        log.offsets.append(offset)
      }
      let overflows = bytes > limit && !hasOverflowed
      if overflows { hasOverflowed = true }
      if hasOverflowed { trim() }
      return (tell(), takeAwaited(), overflows)
    }
    if overflows { onOverflow(self) }
    for scope in woken { scope.wake() }
    return space
  }

  func finish(_ how: Poll) -> Bool {
    // Who hears of the end and asks again finds the answer.
    settle()
    let woken = lock(self) {
      ending = how
      feeder = nil
      return takeAwaited()
    }
    for scope in woken { scope.wake() }
    return true
  }

  /// All that was said, and when; `nil` when it was too much to be kept.
  var record: Record? { lock(self) { hasOverflowed ? nil : log } }

  private func settle() {
    let isFirst = lock(self) {
      defer { isSettled = true }
      return !isSettled
    }
    if isFirst { onEnd(self) }
  }

  // MARK: The lease

  /// Has `keeper` as long as the answer is under way. False when that is over.
  func take(_ keeper: LeaseKeeper) -> Bool {
    lock(self) {
      if isSettled || isClosed { return false }
      self.keeper = keeper
      return true
    }
  }

  /// What is told is what the backend had.
  var isGivenAgain: Bool {
    get { lock(self) { isFromBackend } }
    set { lock(self) { isFromBackend = newValue } }
  }

  func takeKeeper() -> LeaseKeeper? {
    lock(self) {
      defer { keeper = nil }
      return keeper
    }
  }

  // MARK: Called with the lock held

  private var end: Int { base + log.events.count }

  /// So much waits for the slowest that the others have to.
  private var isBlocked: Bool { hasOverflowed && bytes >= limit }

  /// The run must be told that it may go on.
  private var mustAsk: Bool { ending == nil && !isBlocked && goal > end && goal > told }

  private func tell() -> Int {
    told = ending != nil || isClosed || isBlocked ? end : max(goal, end)
    return told - end
  }

  /// Lets go of what all have read, when that is half of what is kept.
  private func trim() {
    let read = (readers.values.map(\.next).min() ?? end) - base
    guard read > 0, read * 2 >= log.events.count else { return }
    for event in log.events[..<read] { bytes -= event.weight }
    log.events.removeFirst(read)
    log.offsets.removeFirst(read)
    base += read
  }

  private func takeAwaited() -> [Scope] {
    var woken: [Scope] = []
    for reader in readers.values where reader.isAwaited {
      reader.isAwaited = false
      woken.append(reader.scope)
    }
    return woken
  }
}

extension Int {
  /// The sum, or the largest number: a demand without limit stays one.
  fileprivate func addingClamped(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
