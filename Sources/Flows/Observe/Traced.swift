// Runs as spans.

extension Flow {
  /// Makes a span of every run that passes here.
  ///
  ///     source  -a-b-|
  ///     traced  -a-b-|
  ///
  /// The span begins with the run and ends with it, however that comes about. What happens upstream is an event of the
  /// span: every new attempt of `retry`, and whatever a stage says to ``FlowContext/span``. A run inside another one that
  /// is traced has the span of that as its parent.
  ///
  /// - Parameters:
  ///   - tracer: makes the spans.
  ///   - name: what the span is called; by default what ``named(_:)`` says further down.
  public func traced(_ tracer: some FlowTracer, as name: String? = nil) -> Flow {
    Flow { context in
      let scheduler = context.scheduler
      let span = tracer.span(
        name ?? context.name ?? "flow", tags: context.tags, parent: context.span, at: scheduler.now)
      let watch = context.watchEnd { exit in span.end(exit, at: scheduler.now) }
      let upstream = start(in: context.with { $0.values[ObjectIdentifier(SpanKey.self)] = span })
      return { room in
        let poll = upstream(&room)
        watch.note(poll)
        return poll
      }
    }
  }
}

/// A tracing system, as flows see it.
public protocol FlowTracer: Sendable {
  /// Begins a span.
  ///
  /// - Parameters:
  ///   - name: what it is called.
  ///   - tags: what ``Flow/tagged(_:_:)`` says about it.
  ///   - parent: the span of the run that this one is a part of; possibly of another tracer.
  ///   - instant: the present, in the time of the run.
  func span(_ name: String, tags: [String: String], parent: (any FlowSpan)?, at instant: FlowInstant)
    -> any FlowSpan
}

/// A run, as a tracing system sees it. Called from any thread, one call at a time until ``end(_:at:)``, which may come
/// beside another.
public protocol FlowSpan: Sendable {
  /// Something happened.
  func event(_ name: String, _ attributes: [String: String], at instant: FlowInstant)
  /// The run is over. Called exactly once.
  func end(_ exit: FlowExit, at instant: FlowInstant)
}

private enum SpanKey: FlowContextKey {
  static let defaultValue: (any FlowSpan)? = nil
}

extension FlowContext {
  /// The span of the run, when ``Flow/traced(_:as:)`` has made one further down.
  public var span: (any FlowSpan)? { self[SpanKey.self] }

  /// Says to the span of the run what happened.
  @usableFromInline
  func report(_ name: String, _ attributes: @autoclosure () -> [String: String]) {
    if let span { span.event(name, attributes(), at: now) }
  }
}
