// One last element instead of a failure.

extension Flow {
  /// When the upstream fails, delivers `element` and completes.
  ///
  ///     source           -a-b-#
  ///     replaceError(x)  -a-b-(x|)
  ///
  /// **Failure.** Never.
  @inlinable
  public func replaceError(with element: Element) -> Flow {
    self.catch { _ in .just(element) }
  }
}
