// Values that consumers hand up to producers.

extension Flow {
  /// Lets everything upstream see `value` under `key`.
  ///
  /// ```swift
  /// enum RequestID: FlowContextKey { static let defaultValue = "none" }
  ///
  /// let answer = Flow.reading(RequestID.self) { id in ask(question, id: id) }
  /// let subscription = answer.withValue("42", for: RequestID.self).subscribe { use($0) }
  /// ```
  ///
  ///     source     -a-b-|
  ///     withValue  -a-b-|
  ///
  /// Where a key is set several times, the value nearer to a stage counts.
  public func withValue<Key: FlowContextKey>(_ value: Key.Value, for key: Key.Type) -> Flow {
    seeing { $0.values[ObjectIdentifier(key)] = value }
  }

  /// A flow that depends on the value that was set for `key` further down. See ``withValue(_:for:)``.
  ///
  ///     flow     -a-b-|
  ///     reading  -a-b-|
  ///
  /// - Parameters:
  ///   - key: the name of the value.
  ///   - make: makes the flow of one run. An error thrown there fails it.
  public static func reading<Key: FlowContextKey>(
    _ key: Key.Type, _ make: @escaping @Sendable (Key.Value) throws -> Flow
  ) -> Flow {
    Flow { context in
      do {
        return try make(context[key]).start(in: context)
      } catch {
        return { _ in .failed(error) }
      }
    }
  }
}
