// Several elements in one, when somebody else says so.

extension Flow {
  /// Delivers, whenever `signal` says something, the elements that have come since the last time; nothing when none
  /// has.
  ///
  ///     source         -a-b-c----d-|
  ///     signal         ----s---s----
  ///     chunks(signal) ----x---y---(z|)
  ///
  /// with x = [a, b], y = [c] and z = [d]. An element that comes in the moment of the signal counts.
  ///
  /// **Demand.** This flow and `signal` are consumed without limit: every element is held until the next signal, and
  /// until an array is asked for. **Completion.** With this flow, after the array of what waits; that of `signal`
  /// leaves one last array. **Failure.** The first. Discards what waits.
  @inlinable
  public func chunks<Other>(signal: Flow<Other>) -> Flow<[Element]> {
    split { (.signal(signal, in: $0), { $0 }) }
  }
}
