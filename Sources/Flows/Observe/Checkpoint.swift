// Where a failure came by.

extension Flow {
  /// Tells a failure that passes here where it passed.
  ///
  ///     source      -a-b-#
  ///     checkpoint  -a-b-#
  ///
  /// ```
  /// the connection was lost
  ///   passed decoding (Chat.swift:12)
  ///   passed answer (Screen.swift:40)
  /// ```
  ///
  /// While nothing fails it does nothing. A place with a name is also seen in a ``FlowSubscription/snapshot()``.
  ///
  /// **Failure.** With a ``CheckpointedError`` around the one that came: put it downstream of operators that look at errors.
  ///
  /// - Parameters:
  ///   - name: what the place is called.
  ///   - file: where it stands in the source, and in which line.
  ///   - line: see `file`.
  public func checkpoint(_ name: String, file: StaticString = #fileID, line: UInt = #line) -> Flow {
    let checkpoint = FlowCheckpoint(name: name, file: "\(file)", line: line)
    return Flow { context in
      context.scope.own(Landmark(checkpoint))
      let upstream = start(in: context)
      return { room in
        let poll = upstream(&room)
        guard case .failed(let error) = poll else { return poll }
        return .failed(CheckpointedError(error, passing: checkpoint))
      }
    }
  }
}

/// A place in a chain: ``Flow/checkpoint(_:file:line:)``.
public struct FlowCheckpoint: Sendable, Equatable, CustomStringConvertible {
  public let name: String
  /// Where it stands in the source.
  public let file: String
  public let line: UInt

  /// `name (file:line)`, without the folders.
  public var description: String { "\(name) (\(file.split(separator: "/").last ?? ""):\(line))" }
}

/// A failure that knows where it came by.
public struct CheckpointedError: Error, CustomStringConvertible {
  /// What it was at first.
  public let error: any Error
  /// Where it passed, in that order.
  public let checkpoints: [FlowCheckpoint]

  init(_ error: any Error, passing checkpoint: FlowCheckpoint) {
    if let known = error as? CheckpointedError {
      self.error = known.error
      checkpoints = known.checkpoints + [checkpoint]
    } else {
      self.error = error
      checkpoints = [checkpoint]
    }
  }

  public var description: String {
    "\(error)" + checkpoints.map { "\n  passed \($0)" }.joined()
  }
}
