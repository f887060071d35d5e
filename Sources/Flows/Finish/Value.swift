// The only element.

extension Flow {
  /// Runs the flow and returns its only element.
  ///
  ///     source  ---a-|
  ///     value   -----a
  ///
  /// **Demand.** One, and then one more, to see that there is none.
  ///
  /// - Throws: ``FlowValueError`` when the flow has no element, or more than one; the flow's error;
  ///   `CancellationError` when the task is cancelled.
  nonisolated(nonsending) public var value: Element {
    get async throws {
      var only: Element?
      try await onlyOne().consume(atMost: 1) { chunk in
        if let element = chunk.next() { only = element }
        return true
      }
      guard let only else { throw FlowValueError.empty }
      return only
    }
  }

  /// Delivers the only element of this flow; fails when there is none, or more than one.
  func onlyOne() -> Flow {
    Flow { context in
      var upstream = Upstream(self, in: context)
      let only = Held<Element>(context)
      return { room in
        while upstream.isLive {
          let before = only.count
          let poll = Chunk<Element>.scratch(room.isFull ? 0 : 1) { input in
            let poll = upstream.poll(&input)
            while let element = input.next() { only.append(element) }
            return poll
          }
          if only.count > 1 {
            upstream.end()
            return .failed(FlowValueError.tooMany)
          }
          switch poll {
          case .more: if only.count == before { return .more }
          case .finished: if only.isEmpty { return .failed(FlowValueError.empty) }
          case .pending, .failed: return poll
          }
        }
        only.drain(into: &room)
        return only.isEmpty ? .finished : .more
      }
    }
  }
}

/// A flow was to have exactly one element, and had not.
public enum FlowValueError: Error, Equatable, CustomStringConvertible {
  case empty, tooMany

  public var description: String {
    switch self {
    case .empty: "the flow completed without an element, where exactly one was expected"
    case .tooMany: "the flow delivered more than one element, where exactly one was expected"
    }
  }
}
