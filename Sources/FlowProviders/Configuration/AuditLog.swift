// Who has changed what, for those who have to know it later.

/// A log of changes, to whose end lines are added and from which none is taken.
///
/// Each line is a JSON object: `when`, `who`, `path`, `old`, `new`, and `previous`, the SHA-256 of the line before it. So a
/// line that is altered, taken out or put in is found (``verify()``). What the end of the log should be nobody can tell
/// from the log itself: keep ``AuditReport/head`` elsewhere, and compare.
///
/// Any number of threads and processes may write to one log. Only its owner can read it. What is written is what may be
/// shown: no key and no password.
public struct AuditLog: Sendable {
  public let path: String
  private let clock: @Sendable () -> Double
  static let beginning = String(repeating: "0", count: 64)
  /// No line is longer: values are cut.
  static let longestLine = 16 << 10
  private static let longestValue = 1024

  /// - Parameters:
  ///   - path: the file. It is made when it is not there; one that others may read or write is refused.
  ///   - clock: the seconds since 1970.
  public init(_ path: String, clock: (@Sendable () -> Double)? = nil) {
    self.path = path
    self.clock = clock ?? { WallClock.seconds }
  }

  /// Writes changes down. When this returns they are on the disk.
  ///
  /// - Throws: ``AuditError``.
  public func append(_ differences: [ConfigurationDifference], by who: String) throws {
    if differences.isEmpty { return }
    let now = HTTPDate.rfc3339(clock())
    try failing {
      try LocalFile(path).locked { file in
        var (previous, isTorn) = try Self.end(of: try file.tail(upTo: Self.longestLine * 2), path)
        var lines: [UInt8] = []
        // Somebody has died in the middle of a line. It is ended, but never taken away.
        if isTorn { lines.append(0x0A) }
        for difference in differences {
          var line: JSONObject = ["when": .string(now), "who": .string(Self.cut(who))]
          line["path"] = .string(Self.cut("\(difference.path)"))
          line["old"] = difference.old.map { .string(Self.cut($0)) } ?? .null
          line["new"] = difference.new.map { .string(Self.cut($0)) } ?? .null
          if isTorn { line["torn"] = true }
          line["previous"] = .string(previous)
          let bytes = JSONValue.object(line).bytes
          previous = sha256(bytes)
          isTorn = false
          lines += bytes + [0x0A]
        }
        try file.append(lines)
      }
    }
  }

  /// The hash of the last line, and whether that is only a part of one.
  private static func end(of tail: [UInt8], _ path: String) throws -> (previous: String, isTorn: Bool) {
    guard let last = tail.last else { return (beginning, false) }
    let isTorn = last != 0x0A
    let whole = isTorn ? tail[...] : tail.dropLast()
    let start = whole.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let line = whole[start...]
    guard line.count <= longestLine else { throw AuditError(path: path, reason: "it is no audit log") }
    return (sha256(line), isTorn)
  }

  private static func cut(_ text: String) -> String {
    text.utf8.count <= longestValue ? text : text.prefix(longestValue / 4) + "…"
  }

  private func failing<R>(_ body: () throws -> R) throws -> R {
    do { return try body() } catch let failure as LocalFile.Failure {
      throw AuditError(path: path, reason: failure.reason)
    }
  }

  /// Reads the whole log, and checks that every line is the one that the next was written after.
  ///
  /// - Throws: ``AuditError`` when the log cannot be read.
  public func verify() throws -> AuditReport {
    var check = AuditCheck()
    try failing { try LocalFile(path).readShared { check.take($0) } }
    return check.report
  }
}

/// The log cannot be read or written.
public struct AuditError: Error, Sendable, Hashable, CustomStringConvertible {
  public let path: String
  public let reason: String

  public var description: String { "\(path): \(reason)" }
}

/// What the look through an audit log has found.
public struct AuditReport: Sendable, Hashable {
  /// How many whole lines there are.
  public var lines = 0
  /// The hash of the last line: to be kept where whoever can change the log cannot change it.
  public var head = AuditLog.beginning
  /// The first line that is not what it was, counted from 1, and how that shows.
  public var broken: Broken?
  /// The lines at which a writer died; what it meant to write is lost, and nothing else.
  public var torn: [Int] = []

  public struct Broken: Sendable, Hashable {
    public var line: Int
    public var reason: String
  }

  /// Nothing was changed afterwards.
  public var isIntact: Bool { broken == nil }
}

/// Goes through a log line by line, with the memory of one line.
struct AuditCheck {
  private var line: [UInt8] = []
  /// A line that is no entry, which may be a torn one: the next must say so.
  private var suspect: Int?
  private var result = AuditReport()

  mutating func take(_ bytes: [UInt8]) {
    for byte in bytes where result.broken == nil {
      if byte == 0x0A { endLine() } else { line.append(byte) }
      if line.count > AuditLog.longestLine { breakOff(result.lines + 1, "it is longer than any entry") }
    }
  }

  /// What was found, once everything was taken.
  var report: AuditReport {
    var report = result
    guard report.broken == nil else { return report }
    if let suspect { report.broken = AuditReport.Broken(line: suspect, reason: "it is no entry") }
    if !line.isEmpty { report.torn.append(report.lines + 1) }
    return report
  }

  private mutating func breakOff(_ line: Int, _ reason: String) {
    result.broken = result.broken ?? AuditReport.Broken(line: line, reason: reason)
  }

  private mutating func endLine() {
    defer { line.removeAll(keepingCapacity: true) }
    let number = result.lines + 1
    if let entry = AuditEntry(line) {
      if entry.previous != result.head {
        if number == 1 { return breakOff(1, "lines before it are gone") }
        return breakOff(number - 1, "line \(number) was written after another one than this")
      }
      if let suspect {
        guard entry.isAfterTorn else { return breakOff(suspect, "it is no entry") }
        result.torn.append(suspect)
        self.suspect = nil
      }
    } else if let suspect {
      return breakOff(suspect, "it is no entry")
    } else {
      suspect = number
    }
    result.lines = number
    result.head = sha256(line)
  }
}

/// The parts of a line that hold the log together.
private struct AuditEntry {
  let previous: String
  let isAfterTorn: Bool

  init?(_ line: [UInt8]) {
    guard let value = try? JSONValue(parsing: line), let previous = value["previous"]?.string,
      value["when"]?.string != nil, value["who"]?.string != nil, value["path"]?.string != nil
    else { return nil }
    self.previous = previous
    isAfterTorn = value["torn"] == true
  }
}
