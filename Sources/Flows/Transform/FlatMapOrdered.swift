// A flow for each element, several of them at a time, in the order of the elements.

extension Flow {
  /// Delivers the elements of the flows that `transform` makes of the elements: all of the first flow, then all of
  /// the second, while those behind it run already.
  ///
  ///     source             -a-b-|
  ///     a                  1--2--3|
  ///     b                  4--5|
  ///     flatMapOrdered(2)  -1--2--3(45|)
  ///
  /// **Demand.** While something is asked for, the source is asked for as many elements as flows may begin. The first
  /// flow in line is asked for what was asked for here; each of the others runs ahead by `capacity` elements, which
  /// wait for their turn. **Completion.** When the source and all flows are complete. **Failure.** Of the source:
  /// after the flows that run. Of a flow: in its place. An error thrown by `transform`: as one of the source.
  ///
  /// - Parameters:
  ///   - limit: the most flows that run, or are complete and wait, at a time, at least 1; anything else traps.
  ///   - capacity: the most elements of a flow that wait, at least 1; anything else traps.
  ///   - transform: makes a flow of an element.
  public func flatMapOrdered<Output>(
    maxConcurrent limit: Int, buffer capacity: Int = 1,
    _ transform: @escaping @Sendable (Element) throws -> Flow<Output>
  ) -> Flow<Output> {
    precondition(limit > 0, "flatMapOrdered(maxConcurrent: \(limit)): at least one flow must be let in")
    precondition(
      capacity > 0, "flatMapOrdered(buffer: \(capacity)): a buffer needs room for at least one element")
    let parts = map { element in try transform(element).buffer(capacity, whenFull: .backpressure) }
    return Flow<Output> { context in
      let line = Line(parts, limit: limit, running: .whenWoken, in: context)
      return { room in line.poll(&room) }
    }
  }
}
