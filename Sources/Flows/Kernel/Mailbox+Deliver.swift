// Senders that wait until they are asked.

extension Mailbox {
  /// What became of an element that was to be sent if it was asked for.
  @usableFromInline
  enum Offered {
    /// It was sent. So much more is asked for.
    case sent(left: Int)
    case notAsked
    /// Nobody reads any more.
    case terminated
  }

  /// Sends `element` if it was asked for.
  @inlinable
  func offer(_ element: Element) -> Offered {
    var woken: Scope?
    let offered: Offered = lock(self) {
      if isClosed || ending != nil { return .terminated }
      if demand == 0 { return .notAsked }
      queue.append(element)
      demand &-= 1
      woken = takeAwaiting()
      return .sent(left: demand)
    }
    woken?.wake()
    return offered
  }

  /// Sends an element that was asked for when it was begun, whether it still is or not. The answer is how much is
  /// asked for now; `nil` when nobody reads any more.
  @inlinable
  func answer(_ element: Element) -> Int? {
    var woken: Scope?
    let left: Int? = lock(self) {
      if isClosed || ending != nil { return nil }
      queue.append(element)
      if demand > 0 { demand &-= 1 }
      woken = takeAwaiting()
      return demand
    }
    woken?.wake()
    return left
  }

  /// Sends `element` as soon as it is asked for, and returns when the next one is.
  /// - Throws: `CancellationError` when the reader is gone, or the task is cancelled.
  func deliver(_ element: Element) async throws {
    while true {
      switch offer(element) {
      case .sent(let left):
        if left == 0 { _ = try await awaitDemand() }
        return
      case .notAsked: _ = try await awaitDemand()
      case .terminated: throw CancellationError()
      }
    }
  }

  /// Waits until something is asked for that was not sent yet; the answer is how much.
  /// - Throws: `CancellationError` when the reader is gone, or the task is cancelled.
  @usableFromInline
  func awaitDemand() async throws -> Int {
    while true {
      let (isOpen, demand) = lock(self) { (!isClosed && ending == nil, self.demand) }
      guard isOpen else { throw CancellationError() }
      if demand > 0 { return demand }
      try Task.checkCancellation()
      await withTaskCancellationHandler {
        await Continuation.suspend(isolation: nil) { continuation in
          let mustWait = lock(self) {
            if isClosed || ending != nil || self.demand > 0 || Task.isCancelled { return false }
            sendersToBe().waiting.append(continuation)
            return true
          }
          if !mustWait { continuation.resume() }
        }
      } onCancel: {
        // All of them: those that were not cancelled find that, and wait again.
        resumeSenders()
      }
    }
  }

  private func resumeSenders() {
    let resumed = lock(self) { senders?.takeWaiting() ?? [] }
    for sender in resumed { sender.resume() }
  }
}
