// Parts of a flow, as flows.

extension Flow {
  /// Delivers, for every `count` elements, a flow of them while they come.
  ///
  ///     source     -a-b-c-d-e-|
  ///     window(2)  -x---y---z-|
  ///
  /// with a flow of a and b for x, of c and d for y and of e for z.
  ///
  /// A window is delivered with its first element. It can be run once, here or elsewhere, a second time it fails with
  /// ``FlowRunTwice``; and it lives no longer than the run that it comes from, whose end in its middle fails it with
  /// `CancellationError`.
  ///
  /// **Demand.** A window is begun when one is asked for. Its elements are asked for when they are asked of it, and
  /// `capacity` ahead; while it is open, it holds the others up. A window that is let go is skipped: its elements are
  /// given up. **Completion** and **Failure**, also of the present window.
  ///
  /// - Parameters:
  ///   - count: the number of elements in a window, at least 1; anything else traps.
  ///   - capacity: the most elements that wait in a window, at least 1; anything else traps.
  public func window(ofCount count: Int, buffer capacity: Int = 1) -> Flow<Flow> {
    precondition(count > 0, "window(ofCount: \(count)): a window needs at least one element")
    return windows(buffer: capacity) { .count(count, in: $0) }
  }

  /// Delivers flows of `count` elements, or of those that come within `interval` of the first. See
  /// ``window(ofCount:buffer:)``.
  ///
  ///     source        -abcd-------e-|
  ///     window(3, 4)  -x--y-------z-|
  ///
  /// with a flow of a, b and c for x, of d for y and of e for z.
  ///
  /// - Parameters:
  ///   - count: the most elements in a window, at least 1; anything else traps.
  ///   - interval: more than zero; anything else traps.
  ///   - capacity: the most elements that wait in a window, at least 1; anything else traps.
  public func window(ofCount count: Int, orEvery interval: Duration, buffer capacity: Int = 1) -> Flow<Flow> {
    precondition(count > 0, "window(ofCount: \(count)): a window needs at least one element")
    precondition(interval > .zero, "window(orEvery: \(interval)): the interval must be more than zero")
    return windows(buffer: capacity) { .count(count, orEvery: interval, in: $0) }
  }

  /// Delivers flows of neighbours that belong together, as ``chunked(by:)`` does arrays. See
  /// ``window(ofCount:buffer:)``.
  ///
  ///     source         -1-2-4-5-7-|
  ///     window { +1 }  -x---y---z-|
  ///
  /// with a flow of 1 and 2 for x, of 4 and 5 for y and of 7 for z.
  public func window(
    by belongTogether: @escaping @Sendable (_ previous: Element, _ element: Element) throws -> Bool,
    buffer capacity: Int = 1
  ) -> Flow<Flow> {
    windows(buffer: capacity) { _ in .neighbours(belongTogether) }
  }

  /// Delivers flows of elements up to and with each that satisfies `isLast`, as ``chunked(until:)`` does arrays. See
  /// ``window(ofCount:buffer:)``.
  ///
  ///     source             -1-2-3-4-5-|
  ///     window { is even } -x---y---z-|
  ///
  /// with a flow of 1 and 2 for x, of 3 and 4 for y and of 5 for z.
  public func window(
    until isLast: @escaping @Sendable (Element) throws -> Bool, buffer capacity: Int = 1
  ) -> Flow<Flow> {
    windows(buffer: capacity) { _ in .upTo(isLast) }
  }

  /// Delivers flows of the elements between two elements of `signal`, as ``chunks(signal:)`` does arrays. See
  /// ``window(ofCount:buffer:)``.
  ///
  ///     source         -a-b-c----d-|
  ///     signal         ----s---s----
  ///     window(signal) -x---y----z-|
  ///
  /// with a flow of a and b for x, of c for y and of d for z.
  public func window<Other>(signal: Flow<Other>, buffer capacity: Int = 1) -> Flow<Flow> {
    windows(buffer: capacity) { .signal(signal, in: $0) }
  }
}
