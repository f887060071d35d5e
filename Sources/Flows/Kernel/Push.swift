// A run that pushes what it polls into callbacks.
import Synchronization

/// One live subscription with callbacks, and all that it needs, in one object, because there may be many.
@usableFromInline
final class Push<Element: Sendable>: Run, @unchecked Sendable {
  /// The stage, and who is called with elements. In an optional a bare function would be wrapped anew each time.
  @usableFromInline
  struct Ends {
    @usableFromInline let stage: Flow<Element>.Stage
    @usableFromInline let onValue: @Sendable (Element) throws -> Void

    @inlinable
    init(_ stage: @escaping Flow<Element>.Stage, _ onValue: @escaping @Sendable (Element) throws -> Void) {
      self.stage = stage
      self.onValue = onValue
    }
  }

  // Only the driver touches them.
  @exclusivity(unchecked) @usableFromInline var ends: Ends?
  @exclusivity(unchecked) @usableFromInline var onEnd: ((FlowEnd) -> Void)?

  @usableFromInline
  init() { super.init(.current) }

  override func letGo() -> ((FlowEnd) -> Void)? {
    ends = nil
    _ = super.letGo()
    return onEnd.take()
  }

  /// Makes the stage, and drives it for the first time.
  @inlinable
  func start(
    _ flow: Flow<Element>, demand: FlowDemand,
    onValue: @escaping @Sendable (Element) throws -> Void,
    onEnd: @escaping @Sendable (FlowEnd) -> Void
  ) {
    ends = Ends(flow.start(in: context), onValue)
    self.onEnd = onEnd
    self.demand.store(demand.count, ordering: .relaxed)
    // It captures nothing: the run holds what it needs.
    step = { run in
      let run = unsafeDowncast(run, to: Push<Element>.self)
      guard let ends = run.ends else { return .idle }
      while true {
        let asked = run.demand.load(ordering: .acquiring)
        let poll: Poll = Chunk<Element>.scratch(asked) { chunk in
          let poll = ends.stage(&chunk)
          if chunk.isEmpty { return poll }
          if asked != .max { run.demand.subtract(chunk.count, ordering: .acquiringAndReleasing) }
          // Asked before each: the stage, or a callback, may have cancelled.
          while !run.isEnded, let element = chunk.next() {
            do {
              try ends.onValue(element)
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
  func discard(_ chunk: inout Chunk<Element>) {
    while let element = chunk.next() { discard(element) }
  }
}

extension Run {
  /// Adds to the demand, and drives the run.
  @usableFromInline
  final func request(_ count: Int) {
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

  /// What was asked for and has not come.
  final var outstanding: FlowDemand { FlowDemand(demand.load(ordering: .relaxed)) }

  /// From now on the run lives until its end.
  @usableFromInline
  final func detach() { isDetached.store(true, ordering: .relaxed) }

  @usableFromInline
  final func handleIsGone() { if !isDetached.load(ordering: .relaxed) { cancel() } }
}
