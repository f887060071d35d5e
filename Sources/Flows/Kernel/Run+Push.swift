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
    let context = context
    let stage = flow.start(in: context)
    self.demand.store(demand.count, ordering: .relaxed)
    step = { [unowned(unsafe) self] in
      // The driver holds the run for the length of a step.
      while true {
        let asked = self.demand.load(ordering: .acquiring)
        let poll: Poll = Chunk<Element>.scratch(asked) { chunk in
          let poll = stage(&chunk)
          if asked != .max, chunk.count > 0 {
            self.demand.subtract(chunk.count, ordering: .acquiringAndReleasing)
          }
          while let element = chunk.next() {
            // Looked at first: once a cancellation has returned, no callback begins.
            if self.isEnded {
              self.discard(element)
              continue
            }
            do { try onValue(element) } catch {
              while let element = chunk.next() { self.discard(element) }
              return .failed(error)
            }
          }
          return poll
        }
        if self.isEnded { return .idle }
        switch poll {
        case .finished: return .over { onEnd(.finished) }
        case .failed(let error): return .over { onEnd(.failed(error)) }
        case .pending: return .idle
        case .more: if self.demand.load(ordering: .acquiring) == 0 { return .idle }
        }
      }
    }
    begin()
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
