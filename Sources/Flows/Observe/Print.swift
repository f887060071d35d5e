// Writes down what passes.

extension Flow {
  /// Writes a line for everything that passes here.
  ///
  ///     source  -a-b-|
  ///     print   -a-b-|
  ///
  /// ```
  /// answer: subscribed
  /// answer: asked for 2
  /// answer: Hello
  /// answer: finished
  /// ```
  ///
  /// - Parameters:
  ///   - prefix: what a line begins with; by default what ``named(_:)`` says further down.
  ///   - output: takes a line, by default to the standard output. Called from wherever the run is driven.
  public func print(
    _ prefix: String? = nil, to output: @escaping @Sendable (String) -> Void = { Swift.print($0) }
  ) -> Flow {
    Flow { context in
      let prefix = (prefix ?? context.name).map { "\($0): " } ?? ""
      @Sendable func write(_ text: String) { output(prefix + text) }
      return handleEvents(
        receiveSubscription: { write("subscribed") },
        receiveOutput: { write("\($0)") },
        receiveRequest: { write("asked for \($0 == .unlimited ? "all" : "\($0.count)")") },
        onEnd: { exit in
          switch exit {
          case .finished: write("finished")
          case .failed(let error): write("failed: \(error)")
          case .cancelled: write("cancelled")
          }
        }
      ).start(in: context)
    }
  }
}
