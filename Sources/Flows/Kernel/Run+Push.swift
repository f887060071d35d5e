// A run that pushes what it polls into callbacks.
import Synchronization

extension Run {
  /// Makes the stage, and drives it for the first time.
  @inlinable
  func start<Element>(
    _ flow: Flow<Element>, demand: FlowDemand,
    onValue: @escaping @Sendable (Element) throws -> Void,
    onEnd: @escaping @Sendable (FlowEnd) -> Void
  ) {
    let stage = flow.start(in: context)
    self.demand.store(demand.count, ordering: .relaxed)
    self.onEnd = onEnd
    step = { run in
      while true {
        let asked = run.demand.load(ordering: .acquiring)
        let poll: Poll = Chunk<Element>.scratch(asked) { chunk in
          let poll = stage(&chunk)
          if chunk.isEmpty { return poll }
          if asked != .max { run.demand.subtract(chunk.count, ordering: .acquiringAndReleasing) }
          // Asked before each: the stage, or a callback, may have cancelled.
          while !run.isEnded, let element = chunk.next() {
            do {
              try onValue(element)
            } catch {
              run.discard(&chunk)
              return .failed(error)
            }
          }
          if !chunk.isEmpty { run.discard(&chunk) }
          return poll
        }
        if run.isEnded {
          if case .failed(let error) = poll { Stray.hand(error, to: run.leftoverHook) }
          return .idle
        }
        switch poll {
        case .finished: return .ended(.finished)
        case .failed(let error): return .ended(.failed(error))
        case .pending: return .idle
        case .more: if run.demand.load(ordering: .acquiring) == 0 { return .idle }
        }
      }
    }
    begin()
  }

  /// Hands what nobody will see any more to `onDiscard`.
  @inlinable
  func discard<Element: Sendable>(_ chunk: inout Chunk<Element>) {
    while let element = chunk.next() { discard(element) }
  }

  /// Adds to the demand, and drives the run.
  @usableFromInline
  func request(_ count: Int) {
    var old = demand.load(ordering: .relaxed)
    while old != .max {
      let (sum, overflow) = old.addingReportingOverflow(count)
      let (exchanged, current) = demand.compareExchange(
        expected: old, desired: overflow ? .max : sum, ordering: .acquiringAndReleasing)
      if exchanged { break }
      old = current
    }
    wake()
  }

  /// From now on the run lives until its end.
  @usableFromInline
  func detach() { isDetached.store(true, ordering: .relaxed) }

  @usableFromInline
  func handleIsGone() { if !isDetached.load(ordering: .relaxed) { cancel() } }
}
