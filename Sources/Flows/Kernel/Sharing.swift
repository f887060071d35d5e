// One run for many subscribers, for as long as there are any.

/// The runs of a shared flow, one after another.
final class Sharing<Element: Sendable>: @unchecked Sendable {
  let flow: Flow<Element>
  let rule: HubRule
  let stop: ShareStop
  let reset: ShareReset
  private let lock = Lock()
  private var present: Hub<Element>?  // guarded by `lock`

  init(_ flow: Flow<Element>, _ rule: HubRule, stop: ShareStop, reset: ShareReset) {
    self.flow = flow
    self.rule = rule
    self.stop = stop
    self.reset = reset
  }

  /// The stage of a new subscriber.
  func join(_ context: FlowContext) -> Flow<Element>.Stage {
    while true {
      let hub = lock(self) {
        let hub = present ?? Hub(rule, Connection(self))
        present = hub
        return hub
      }
      if let stage = hub.read(in: context) {
        hub.connection?.isUsed()
        return stage
      }
      forget(hub)
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
  private let stop: ShareStop
  private let reset: ShareReset
  /// A hub that is kept for its end would keep itself.
  private weak let sharing: Sharing<Element>?
  private let lock = Lock()
  // All guarded by `lock`.
  private var run: Run?
  private var isOver = false
  /// It is over, and its end is remembered.
  private var isKept = false
  private var timer: (scheduler: any FlowScheduler, timer: FlowTimer)?

  init(_ sharing: Sharing<Element>) {
    flow = sharing.flow
    stop = sharing.stop
    reset = sharing.reset
    self.sharing = sharing
  }

  /// Somebody asks for more than the run was told. The first time starts it, in the time of who asks.
  func wake(_ hub: Hub<Element>, for context: FlowContext) {
    if let run = lock(self, { run }) { return run.wake() }
    let new = context.newRun()
    let isFirst = lock(self) {
      if run != nil { return false }
      run = new
      return true
    }
    if isFirst { new.push(into: Feed(hub: hub, connection: self)) { [flow] in flow.start(in: $0) } }
  }

  /// There is a subscriber again.
  func isUsed() { clearTimer() }

  /// The last subscriber has left.
  func isUnused(_ hub: Hub<Element>, _ context: FlowContext) {
    guard case .whenUnused(let grace) = stop else { return }
    let mustWait = lock(self) { run != nil && !isOver }
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
    lock(self) { run }?.cancel()
  }

  /// The run has ended by itself.
  fileprivate func finish(_ hub: Hub<Element>, _ how: Poll) -> Bool {
    let isForgotten = reset.applies(to: how)
    lock(self) {
      isOver = true
      isKept = !isForgotten
    }
    clearTimer()
    // First, so that who subscribes again when it hears of the end starts anew.
    if isForgotten { sharing?.forget(hub) }
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
