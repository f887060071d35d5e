// The same elements for somebody else, too.

extension Flow {
  /// Hands a copy of the flow to `side`, which does something else with it.
  ///
  ///     source  -a-b-c-|
  ///     tee     -a-b-c-|
  ///
  /// ```swift
  /// let shown = answer.tee(buffer: 64, whenFull: .dropOldest) { copy in try await archive.store(copy) }
  /// ```
  ///
  /// `side` runs in a task of its own, which begins with the run. It gets the elements that were asked for here, and how
  /// the flow ends. When it returns, or lets the copy go, this flow goes on alone. An error that it throws is its own,
  /// and is handed to `onDiscard` as one with nowhere to go.
  ///
  /// **Demand.** Upstream is asked for what is asked for here; with `.backpressure`, for no more than `side` has asked
  /// for and its buffer has room for. With any other `policy`, `side` loses elements when it is too slow, which are heard
  /// by `onDrop`. **Completion** and **Failure** wait until `side` has come to its end. **Cancellation** fails the copy
  /// with `CancellationError`, and cancels the task.
  ///
  /// - Parameters:
  ///   - capacity: the most elements that wait for `side`, at least 1; anything else traps.
  ///   - policy: what happens to an element when so many wait.
  ///   - side: runs the copy. It can be run once.
  public func tee(
    buffer capacity: Int, whenFull policy: SharePolicy,
    _ side: @escaping @Sendable (Flow) async throws -> Void
  ) -> Flow {
    precondition(capacity > 0, "tee(buffer: \(capacity)): a buffer needs room for at least one element")
    return Flow { context in
      var upstream = Upstream(self, in: context)
      let branch = Branch<Element>(in: context, buffer: capacity)
      var work = Upstream(branch.consumed(by: side), in: context)
      var ending = Poll.pending
      return { room in
        if work.isLive {
          let poll = Chunk<Void>.scratch(1) { work.poll(&$0) }
          if case .failed(let error) = poll { context.discard(stray: error) }
        }
        if !ending.isTerminal {
          let space = policy.overflow == nil && branch.isOpen ? branch.space : .max
          let start = room.count
          ending = room.lend(atMost: space) { upstream.poll(&$0) }
          if branch.isOpen { room.forEach(from: start) { branch.send($0, whenFull: policy.overflow) } }
          switch ending {
          case .finished, .failed: branch.finish(ending)
          // Asked for nothing, upstream has nothing to be woken for; `side` does that.
          case .more where space > 0: return .more
          case .more, .pending: return room.isFull ? .more : .pending
          }
        }
        return work.isLive ? .pending : ending
      }
    }
  }
}

extension Branch {
  /// What it takes to have `side` consume the branch: a flow that ends when that has.
  fileprivate func consumed(by side: @escaping @Sendable (Flow<Element>) async throws -> Void) -> Flow<Void> {
    let copy = flow
    return .call { try await side(copy) }
  }
}
