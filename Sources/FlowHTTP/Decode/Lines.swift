// Bytes cut into lines, and newline-delimited JSON.
import Flows

/// A line of a text, without its line end.
public struct Line: Sendable, Hashable {
  public let bytes: Bytes
  /// False for the last line when the bytes ended in the middle of it, or forgot its line end.
  public let isTerminated: Bool

  public init(_ bytes: Bytes, isTerminated: Bool = true) {
    self.bytes = bytes
    self.isTerminated = isTerminated
  }
}

/// Cuts bytes into lines, which end with a line feed, or a carriage return and a line feed, or as you say.
public struct LineDecoder: ByteDecoder {
  /// Which lines are delivered.
  public enum Selection: Sendable {
    case all
    /// Those that have something else in them than blanks.
    case notBlank
  }

  private var cutter: LineCutter
  private let selection: Selection
  private var isFinished = false

  /// - Parameters:
  ///   - limit: the most bytes of a line, at least 1; anything else traps.
  ///   - selection: which lines are delivered.
  ///   - ending: what ends a line.
  public init(
    atMost limit: Int = .longestLine, _ selection: Selection = .all, endingWith ending: LineEnding = .feed
  ) {
    cutter = LineCutter(endingWith: ending, limit: limit)
    self.selection = selection
  }

  public mutating func append(_ bytes: Bytes) { cutter.append(bytes) }

  public mutating func finish() { isFinished = true }

  public mutating func next() throws(LineTooLong) -> Line? {
    while let range = try cutter.next() {
      let line = cutter[range]
      if isSelected(line) { return Line(line) }
    }
    guard isFinished, let range = cutter.rest() else { return nil }
    let line = cutter[range]
    return isSelected(line) ? Line(line, isTerminated: false) : nil
  }

  private func isSelected(_ line: Bytes) -> Bool {
    switch selection {
    case .all: true
    case .notBlank: line.contains { $0 != .space && $0 != 0x09 && $0 != .carriageReturn }
    }
  }
}

extension Flow where Element == Bytes {
  /// Delivers the lines of the bytes, without their line ends.
  ///
  ///     bytes  -A-B-|
  ///     lines  -a-b-(c|)
  ///
  /// with `"1\n2"` for A and `"3\r\n4"` for B: the lines are 1, 23 and 4. A byte order mark before the first line is dropped. A last line without a line end is delivered, and marked
  /// so. **Demand.** Bytes are asked for one chunk at a time, and only when no line is left of the chunk before.
  /// **Failure.** A line of more than `limit` bytes fails the flow with ``LineTooLong``.
  ///
  /// - Parameter limit: the most bytes of a line, at least 1; anything else traps.
  public func lines(atMost limit: Int = .longestLine) -> Flow<Line> {
    decoded(by: LineDecoder(atMost: limit))
  }

  /// Delivers the lines of newline-delimited JSON, one value each, as bytes: nothing is parsed here.
  ///
  /// As `lines(atMost:)`, without the blank lines.
  public func jsonLines(atMost limit: Int = .longestLine) -> Flow<Line> {
    decoded(by: LineDecoder(atMost: limit, .notBlank))
  }
}
