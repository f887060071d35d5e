// The end of a flow as an element of it.

/// What a flow does, as a value: ``Flow/materialize()``.
public enum FlowEvent<Element: Sendable>: Sendable {
  /// It delivers an element.
  case element(Element)
  /// It ends.
  case end(FlowEnd)
}

extension Flow {
  /// Delivers the elements, and then the end, as values; then completes.
  ///
  ///     source       -a-b-#
  ///     materialize  -x-y-(z|)
  ///
  /// with x = .element(a), y = .element(b) and z = .end(.failed(#)).
  ///
  /// **Demand.** The end takes up the demand of one. **Failure.** None: it is delivered.
  @inlinable
  public func materialize() -> Flow<FlowEvent<Element>> {
    Flow<FlowEvent<Element>> { context in
      var upstream = Upstream(self, in: context)
      var end: FlowEnd?
      return { room in
        if end == nil {
          let poll = Chunk<Element>.scratch(room.room) { input in
            let poll = upstream.poll(&input)
            room.append(draining: &input) { .element($0) }
            return poll
          }
          switch poll {
          case .more, .pending: return poll
          case .finished: end = .finished
          case .failed(let error): end = .failed(error)
          }
        }
        guard let end, !room.isFull else { return .more }
        room.append(.end(end))
        return .finished
      }
    }
  }

  /// Delivers the elements that come as values, and ends as the first end among them says.
  ///
  ///     source         -x-y-z-x-|
  ///     dematerialize  -a-b-#
  ///
  /// with x = .element(a), y = .element(b) and z = .end(.failed(#)).
  ///
  /// **Demand.** An end among the values was asked for like an element. **Completion.** With that end, which
  /// cancels upstream, or with upstream. **Failure.** The same.
  @inlinable
  public func dematerialize<Output>() -> Flow<Output> where Element == FlowEvent<Output> {
    Flow<Output> { context in
      var upstream = Upstream(self, in: context)
      return { room in
        var end: FlowEnd?
        let poll = Chunk<Element>.scratch(room.room) { input in
          let poll = upstream.poll(&input)
          while end == nil, let event = input.next() {
            switch event {
            case .element(let element): room.append(element)
            case .end(let how): end = how
            }
          }
          // What follows an end was asked for before the end was seen.
          while let event = input.next() {
            if case .element(let element) = event { context.discard(element) }
          }
          return poll
        }
        guard let end else { return poll }
        upstream.end()
        switch end {
        case .finished: return .finished
        case .failed(let error): return .failed(error)
        }
      }
    }
  }
}
