// An asynchronous sequence, pulled at the reader's pace.

extension Mailbox {
  /// Sends the elements of `elements`, asking for each only when the reader has asked for one.
  func pump<S: AsyncSequence>(_ elements: S) async where S.Element == Element {
    do {
      var iterator = elements.makeAsyncIterator()
      while true {
        var demand = try await awaitDemand()
        while demand > 0 {
          guard let element = try await iterator.next(isolation: nil) else {
            finish()
            return
          }
          if case .terminated = send(element) { return }
          demand -= 1
        }
      }
    } catch {
      finish(.failed(error))
    }
  }
}
