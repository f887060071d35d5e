// One run for many subscribers, for as long as there are any.

/// What starts the run of a shared flow.
enum SharingStart: Sendable {
  /// The first subscriber that asks for something.
  case request
  /// ``Sharing/connect()``.
  case connection
}

/// The runs of a shared flow, one after another.
final class Sharing<Element: Sendable>: @unchecked Sendable {
  let flow: Flow<Element>
  let rule: HubRule
  let start: SharingStart
  let stop: ShareStop
  let reset: ShareReset
  private let lock = Lock()
  private var present: Hub<Element>?  // guarded by `lock`

  init(
    _ flow: Flow<Element>, _ rule: HubRule, start: SharingStart = .request, stop: ShareStop,
    reset: ShareReset
  ) {
    self.flow = flow
    self.rule = rule
    self.start = start
    self.stop = stop
    self.reset = reset
  }

  /// The stage of a new subscriber.
  func join(_ context: FlowContext) -> Flow<Element>.Stage { enter(context).stage }

  private func enter(_ context: FlowContext) -> (hub: Hub<Element>, stage: Flow<Element>.Stage) {
    while true {
      let hub = presentHub()
      if let stage = hub.read(in: context) {
        hub.connection?.isUsed()
        return (hub, stage)
      }
      forget(hub)
    }
  }

  private func presentHub() -> Hub<Element> {
    lock(self) {
      let hub = present ?? Hub(rule, Connection(self))
      present = hub
      return hub
    }
  }

  /// The number of subscribers.
  var count: Int { lock(self) { present }?.count ?? 0 }

  /// Starts the run, unless it has been. The answer is a run that does nothing, and whose end is that of the
  /// connection, and the other way round.
  func connect() -> Run {
    while true {
      let hub = presentHub()
      if let handle = hub.connection?.connect(hub) { return handle }
      forget(hub)
    }
  }

  /// The stage of a new subscriber, which starts the run when it makes so many.
  func join(_ context: FlowContext, startingAt count: Int, stop: ShareStop) -> Flow<Element>.Stage {
    let (hub, stage) = enter(context)
    var isCounted = false
    return { room in
      let poll = stage(&room)
      // After it has asked: what a source has at once is for this one, too.
      if !isCounted {
        isCounted = true
        if hub.count >= count { hub.connection?.start(hub, in: context.environment, stop: stop) }
      }
      return poll
    }
  }

  /// The next subscriber starts anew.
  fileprivate func forget(_ hub: Hub<Element>) {
    lock(self) { if present === hub { present = nil } }
  }
}

/// The run that feeds a hub.
@usableFromInline
final class Connection<Element: Sendable>: @unchecked Sendable {
  private let flow: Flow<Element>
  private let start: SharingStart
  private let reset: ShareReset
  /// A hub that is kept for its end would keep itself.
  private weak let sharing: Sharing<Element>?
  private let lock = Lock()
  // All guarded by `lock`.
  private var stop: ShareStop
  private var run: Run?
  /// What whoever has connected holds.
  private var handle: Run?
  private var isOver = false
  /// It is not to run any more, or not at all.
  private var isClosed = false
  /// It is over, and its end is remembered.
  private var isKept = false
  private var timer: (scheduler: any FlowScheduler, timer: FlowTimer)?

  init(_ sharing: Sharing<Element>) {
    flow = sharing.flow
    start = sharing.start
    stop = sharing.stop
    reset = sharing.reset
    self.sharing = sharing
  }

  /// Somebody asks for more than the run was told. The first time starts it, in the time of who asks.
  func wake(_ hub: Hub<Element>, for context: FlowContext) {
    if let run = lock(self, { run }) { return run.wake() }
    if start == .request { start(hub, in: context.environment) }
  }

  /// Starts the run, unless that was done before. Only who starts it says when it stops.
  func start(_ hub: Hub<Element>, in environment: Environment, stop: ShareStop? = nil) {
    let new = Run(environment)
    let isFirst = lock(self) {
      if run != nil || isClosed { return false }
      run = new
      if let stop { self.stop = stop }
      return true
    }
    if isFirst { new.push(into: Feed(hub: hub, connection: self)) { [flow] in flow.start(in: $0) } }
  }

  /// Starts the run, and answers what ends it; `nil` when it is over.
  func connect(_ hub: Hub<Element>) -> Run? {
    let new = Run(.current)
    let (present, isFirst): (Run?, Bool) = lock(self) {
      if isOver || isClosed { return (nil, false) }
      if let handle { return (handle, false) }
      handle = new
      return (new, true)
    }
    guard isFirst else { return present }
    new.context.onEnd { self.disconnect(hub) }
    new.begin { _ in .idle }
    start(hub, in: hub.environment ?? .current)
    return new
  }

  /// Whoever has connected does not want it any more.
  private func disconnect(_ hub: Hub<Element>) {
    if lock(self, { isOver }) { return }
    sharing?.forget(hub)
    close()
    hub.finish(.failed(CancellationError()))
  }

  /// Ends the run, and lets none begin.
  private func close() {
    let (run, handle) = lock(self) {
      isClosed = true
      return (self.run, self.handle.take())
    }
    run?.cancel()
    handle?.cancel()
  }

  /// There is a subscriber again.
  func isUsed() { clearTimer() }

  /// The last subscriber has left.
  func isUnused(_ hub: Hub<Element>, _ context: FlowContext) {
    let (stop, mustWait) = lock(self) { (self.stop, run != nil && !isOver) }
    guard case .whenUnused(let grace) = stop else { return }
    guard mustWait, grace > .zero else { return end(hub) }
    let scheduler = context.scheduler
    let timer = scheduler.schedule(at: scheduler.now.advanced(by: grace)) { self.end(hub) }
    let old = lock(self) {
      defer { self.timer = (scheduler, timer) }
      return self.timer
    }
    if let old { old.scheduler.cancel(old.timer) }
  }

  private func clearTimer() {
    let timer = lock(self) { self.timer.take() }
    if let timer { timer.scheduler.cancel(timer.timer) }
  }

  private func end(_ hub: Hub<Element>) {
    if lock(self, { isKept }) { return }
    guard hub.shut() else { return }
    sharing?.forget(hub)
    close()
  }

  /// The run has ended by itself.
  fileprivate func finish(_ hub: Hub<Element>, _ how: Poll) -> Bool {
    let isForgotten = reset.applies(to: how)
    let handle = lock(self) {
      isOver = true
      isKept = !isForgotten
      return self.handle.take()
    }
    clearTimer()
    // First, so that who subscribes again when it hears of the end starts anew.
    if isForgotten { sharing?.forget(hub) }
    defer { handle?.cancel() }
    return hub.finish(how)
  }
}

/// What the run pushes into.
private struct Feed<Element: Sendable>: Asked {
  let hub: Hub<Element>
  let connection: Connection<Element>

  func space() -> Int { hub.space() }
  func send(draining batch: inout Chunk<Element>) -> Int { hub.send(draining: &batch) }
  func finish(_ how: Poll) -> Bool { connection.finish(hub, how) }
}
