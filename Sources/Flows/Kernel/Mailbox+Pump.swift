// An asynchronous sequence, pulled at the reader's pace.

extension Mailbox {
  /// Sends the elements of `elements`, asking for each only when the reader has asked for one.
  ///
  /// Specialised where the sequence is known: unspecialised it cost six times as much per element.
  @inlinable
  func pump<S: AsyncSequence>(_ elements: S, in context: FlowContext) async throws
  where S.Element == Element {
    var iterator = elements.makeAsyncIterator()
    while true {
      var demand = try await awaitDemand()
      while demand > 0 {
        guard let element = try await iterator.next(isolation: nil) else { return }
        guard let left = answer(element) else { return context.discard(element) }
        // It may be less than before by more than one: the room went to somebody else.
        demand = left
      }
    }
  }
}
