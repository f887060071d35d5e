// Elements made from a state, one step at a time.

extension Flow {
  /// Delivers what `next` makes of a state that it changes, until that is `nil`.
  ///
  ///     generate(1) { x in defer { x *= 2 }; return x < 10 ? x : nil }  (1248|)
  ///
  /// Every run begins with the initial state. **Demand.** One step is made per element that is asked for.
  /// **Failure.** An error thrown by `next` fails the flow, after the elements before.
  @inlinable @inline(__always)
  public static func generate<State: Sendable>(
    _ initial: State, _ next: @escaping @Sendable (inout State) throws -> Element?
  ) -> Flow {
    Flow { _ in
      var state = initial
      return { room in
        do {
          while !room.isFull {
            guard let element = try next(&state) else { return .finished }
            room.append(element)
          }
          return .more
        } catch {
          return .failed(error)
        }
      }
    }
  }
}
