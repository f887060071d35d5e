// A diagram of what really happens.

extension Flow {
  /// Draws every run that passes here as a marble diagram, with what was asked for.
  ///
  ///     source  -a-b-|
  ///     trace   -a-b-|
  ///
  /// ```
  /// answer        -A-B 148ms --C|
  /// asked answer  2--- 148ms *---
  ///   A = Hello
  ///   B = there
  ///   C = !
  ///   stalled once, for 0.149 seconds in all
  /// ```
  ///
  /// A frame is a millisecond of the run's scheduler, counted from the start of the run. An element whose
  /// description is one letter or digit is drawn as it, any other as a letter that is explained below; `|` is the
  /// completion, `#` a failure, `!` a cancellation. A run is stalled while nothing is asked for. With a buffer upstream
  /// there is a row that says how many elements wait in it. A diagram is written when the run ends, or when it has become
  /// long.
  ///
  /// - Parameters:
  ///   - name: what the row is called; by default what ``named(_:)`` says further down.
  ///   - output: takes a diagram, by default to the standard output. Called from wherever the run is driven, and
  ///     wherever it is cancelled.
  public func trace(
    _ name: String? = nil, to output: @escaping @Sendable (String) -> Void = { Swift.print($0) }
  ) -> Flow {
    Flow { context in
      let trace = Guarded(MarbleTrace(name ?? context.name ?? "flow", at: context.now))
      let scheduler = context.scheduler
      let gauges = Gauges { _, waiting, _ in
        let now = scheduler.now
        trace.change { $0.fill(waiting, at: now) }
      }
      return seeing { $0.gauges = gauges }.handleEvents(
        receiveOutput: { element in
          let description = String(describing: element)
          let now = scheduler.now
          if let page = trace.change({ $0.deliver(description, at: now) }) { output(page) }
        },
        receiveRequest: { demand in
          let now = scheduler.now
          trace.change { $0.ask(demand, at: now) }
        },
        onEnd: { exit in
          let now = scheduler.now
          output(trace.change { $0.end(exit, at: now) })
        }
      ).start(in: context)
    }
  }

  /// Writes every run that passes here into `report`, which draws them all on one page. See ``trace(_:to:)``.
  ///
  ///     source       -a-b-|
  ///     trace(into)  -a-b-|
  ///
  /// ```swift
  /// let report = isDebugging ? TraceReport() : nil
  /// let answer = tokens.trace("tokens", into: report).buffer(8, whenFull: .backpressure).trace("answer", into: report)
  /// ```
  ///
  /// Without a report it is the flow itself: nothing is paid for what may be looked at some day.
  ///
  /// - Parameters:
  ///   - name: what the run is called; by default what ``named(_:)`` says further down.
  ///   - report: where it is written; `nil` for nowhere.
  @inlinable @inline(__always)
  public func trace(_ name: String? = nil, into report: TraceReport?) -> Flow {
    guard let report else { return self }
    return traced(name, into: report)
  }

  @usableFromInline
  func traced(_ name: String?, into report: TraceReport) -> Flow {
    Flow { context in
      let scheduler = context.scheduler
      let run = report.begin(name ?? context.name ?? "flow", at: scheduler.now)
      let gauges = Gauges { buffer, waiting, capacity in
        let now = scheduler.now
        run.change { $0.fill(buffer, waiting, of: capacity, at: now) }
      }
      return seeing { $0.gauges = gauges }.handleEvents(
        receiveOutput: { element in
          let description = String(describing: element)
          let now = scheduler.now
          run.change { $0.deliver(description, at: now) }
        },
        receiveRequest: { demand in
          let now = scheduler.now
          run.change { $0.ask(demand, at: now) }
        },
        onEnd: { exit in
          let now = scheduler.now
          run.change { $0.end(exit, at: now) }
        }
      ).start(in: context)
    }
  }
}
