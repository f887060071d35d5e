// What a flow is about.

extension Flow {
  /// Gives a tag to what stands upstream: ``metrics(_:)`` and ``traced(_:as:)`` pass it on.
  ///
  ///     source  -a-b-|
  ///     tagged  -a-b-|
  ///
  /// Several tags add up. Where one is given several times, the value nearer to a stage counts.
  public func tagged(_ key: String, _ value: String) -> Flow {
    seeing { values in
      let id = ObjectIdentifier(Tags.self)
      var tags = values.values[id] as? [String: String] ?? [:]
      tags[key] = value
      values.values[id] = tags
    }
  }
}

private enum Tags: FlowContextKey {
  static let defaultValue: [String: String] = [:]
}

extension FlowContext {
  /// The tags that were given with `tagged(_:_:)` further down.
  public var tags: [String: String] { self[Tags.self] }
}
