// A flow from an `AsyncSequence`.

extension Flow {
  /// Delivers the elements of an asynchronous sequence.
  ///
  ///     sequence  -a-b-c-|
  ///     from      -a-b-c-|
  ///
  /// Each run iterates anew, in a task of its own that starts with the first request and is cancelled with the
  /// run. **Demand.** The sequence is asked for its next element only while an element was asked for: never
  /// ahead. **Failure.** An error thrown by the sequence fails the flow.
  public static func from<S: AsyncSequence & Sendable>(_ elements: S) -> Flow where S.Element == Element {
    Flow { context in
      let mailbox = Mailbox<Element>(capacity: .max)
      let stage = mailbox.read(in: context)
      var isStarted = false
      return { room in
        if !isStarted, !room.isFull {
          isStarted = true
          context.task { await mailbox.pump(elements) }
        }
        return stage(&room)
      }
    }
  }
}
