// A look at a run that goes on.

extension FlowSubscription {
  /// What the run consists of at this moment: for somebody who wonders what it waits for. Any thread.
  ///
  /// ```
  /// asked for 3
  ///   answer (Chat.swift:40)
  ///   buffer: 2 of 16 wait
  ///   run
  ///     decoding (Chat.swift:12)
  ///     buffer: 0 wait, 8 are asked for
  ///     timer
  /// ```
  ///
  /// Nothing is kept for it while nobody looks, so it shows what the run owns anyway: buffers between two threads,
  /// timers, tasks, the flows inside; and places that ``Flow/checkpoint(_:file:line:)`` has given a name. What a stage
  /// remembers is seen by its driver only.
  public func snapshot() -> FlowSnapshot {
    FlowSnapshot(
      isEnded: run.isEnded, outstanding: run.outstanding,
      parts: run.surveyOfResources)
  }
}

/// What a run consists of at one moment: ``FlowSubscription/snapshot()``.
public struct FlowSnapshot: Sendable, Equatable, CustomStringConvertible {
  /// What a run owns.
  public enum Part: Sendable, Equatable {
    /// A place with a name.
    case checkpoint(FlowCheckpoint)
    /// Elements between a sender and the run: how many wait, how many may (`nil` for what is asked for), and how many
    /// the run has asked for in vain.
    case buffer(waiting: Int, capacity: Int?, asked: FlowDemand)
    /// Something is waited for until some time.
    case timer
    /// A task works for the run.
    case task
    /// A flow inside: of a `merge`, of a `flatMap`.
    case part([Part])
    /// A run of its own that works for this one, in a place of its own.
    case run([Part])
  }

  public let isEnded: Bool
  /// How many elements the consumer has asked for and not got.
  public let outstanding: FlowDemand
  /// From the consumer to the sources.
  public let parts: [Part]

  public var description: String {
    let first = isEnded ? "ended" : "asked for \(outstanding == .unlimited ? "all" : "\(outstanding.count)")"
    return ([first] + Self.lines(of: parts, "  ")).joined(separator: "\n")
  }

  private static func lines(of parts: [Part], _ indent: String) -> [String] {
    parts.flatMap { part in
      switch part {
      case .checkpoint(let checkpoint): return ["\(indent)\(checkpoint)"]
      case .buffer(let waiting, let capacity, let asked):
        let most = capacity.map { $0 > 0 ? " of \($0)" : "" } ?? ""
        let asks = asked == .none ? "" : ", \(asked == .unlimited ? "all" : "\(asked.count)") are asked for"
        return ["\(indent)buffer: \(waiting)\(most) wait\(asks)"]
      case .timer: return ["\(indent)timer"]
      case .task: return ["\(indent)task"]
      case .part(let parts): return ["\(indent)part"] + lines(of: parts, indent + "  ")
      case .run(let parts): return ["\(indent)run"] + lines(of: parts, indent + "  ")
      }
    }
  }
}
