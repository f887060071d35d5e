// What a flow is called.

extension Flow {
  /// Gives a name to what stands upstream: `print`, `trace` and errors that speak of a flow use it.
  ///
  ///     source        -a-b-|
  ///     named(query)  -a-b-|
  ///
  /// Where several names are given, the one nearer to a stage counts.
  public func named(_ name: String) -> Flow {
    seeing { $0.name = name }
  }
}
