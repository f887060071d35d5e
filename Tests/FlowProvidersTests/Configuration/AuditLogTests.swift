// A log that shows when somebody has changed it.
import Foundation
import Testing

@testable import FlowProviders

@Suite(.timeLimit(.minutes(10))) struct AuditLogTests {
  let folder: TemporaryFolder
  let log: AuditLog

  init() throws {
    folder = try TemporaryFolder()
    log = AuditLog(folder.path("audit"), clock: { 1_700_000_000.25 })
  }

  private func difference(_ number: Int) -> ConfigurationDifference {
    ConfigurationDifference(path: ["a", "n\(number)"], old: nil, new: "\(number)", origin: .runTime)
  }

  private func write(_ count: Int) throws {
    for number in 1...count { try log.append([difference(number)], by: "me") }
  }

  private func lines() throws -> [String] {
    try folder.read("audit").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private func rewrite(_ change: (inout [String]) -> Void) throws {
    var lines = try lines()
    change(&lines)
    try folder.write("audit", lines.joined(separator: "\n"))
  }

  @Test func `every line names the one before it`() throws {
    try log.append([difference(1), difference(2)], by: "me")
    let lines = try lines()
    let zeros = String(repeating: "0", count: 64)
    #expect(
      lines[0]
        == #"{"when":"2023-11-14T22:13:20.250Z","who":"me","path":"a.n1","old":null,"new":"1","previous":"\#(zeros)"}"#
    )
    #expect(lines[1].contains("\"previous\":\"\(sha256(lines[0].utf8))\""))
    let report = try log.verify()
    #expect(report == AuditReport(lines: 2, head: sha256(lines[1].utf8)))
    #expect(report.isIntact)
    #expect(try folder.mode(of: "audit") == 0o600)
  }

  @Test func `nothing to say is no line`() throws {
    try log.append([], by: "me")
    #expect(folder.names.isEmpty)
    #expect(throws: AuditError.self) { try log.verify() }
  }

  @Test(arguments: 1...4)
  func `a line that was changed is the first that is broken`(number: Int) throws {
    try write(5)
    try rewrite { $0[number - 1] = $0[number - 1].replacingOccurrences(of: "\"me\"", with: "\"you\"") }
    let report = try log.verify()
    #expect(report.broken?.line == number)
    #expect(!report.isIntact)
  }

  @Test func `lines that were taken out, put in or exchanged show`() throws {
    try write(5)
    let whole = try folder.read("audit")
    func broken(_ change: (inout [String]) -> Void) throws -> Int? {
      try folder.write("audit", whole)
      try rewrite(change)
      return try log.verify().broken?.line
    }
    #expect(try broken { $0.remove(at: 2) } == 2)
    #expect(try broken { $0.remove(at: 0) } == 1)
    #expect(try broken { $0.swapAt(1, 2) } == 1)
    #expect(try broken { $0.insert($0[1], at: 1) } == 2)
    #expect(try broken { $0.insert("hello", at: 3) } == 4)
    #expect(try broken { $0.insert("", at: 3) } == 4)
    #expect(try broken { $0[1] = String(repeating: "x", count: 100_000) } == 2)
    #expect(try broken { $0[3] = "{}" } == 4)
    #expect(try broken { $0[4] = "not json" } == 5)
    #expect(try broken { _ in } == nil)
  }

  @Test func `an end that was taken away shows in the hash that somebody kept`() throws {
    try write(3)
    let head = try log.verify().head
    try rewrite { $0.remove(at: 2) }
    #expect(try log.verify().isIntact)
    #expect(try log.verify().head != head)
  }

  @Test func `a writer who dies in the middle of a line is told, and the log goes on after it`() throws {
    try write(2)
    let whole = try folder.read("audit")
    let last = try lines()[1]
    for length in 1...last.utf8.count {
      try folder.write("audit", whole + last.prefix(length))
      var report = try log.verify()
      #expect(report.isIntact && report.torn == [3] && report.lines == 2)
      try log.append([difference(4)], by: "me")
      try log.append([difference(5)], by: "me")
      report = try log.verify()
      // A whole line without its end is only seen to be one when the next is written.
      if length == last.utf8.count {
        #expect(report.broken?.line == 2)
      } else {
        #expect(report.isIntact && report.torn == [3] && report.lines == 5, "\(length): \(report)")
      }
    }
  }

  @Test func `a line without its end is whole when all of it is there`() throws {
    try write(3)
    try folder.write("audit", String(try folder.read("audit").dropLast()))
    #expect(try log.verify().torn == [3])
    try log.append([difference(4)], by: "me")
    #expect(try log.verify() == AuditReport(lines: 4, head: sha256(try lines()[3].utf8)))
  }

  @Test func `a log that others can read, that is no log, or that cannot be written is refused`() throws {
    try folder.write("audit", "", mode: 0o644)
    #expect(throws: AuditError.self) { try write(1) }
    try folder.write("audit", String(repeating: "x", count: 100_000))
    #expect(throws: AuditError.self) { try write(1) }
    #expect(throws: AuditError.self) {
      try AuditLog(folder.path("no/audit")).append([difference(1)], by: "me")
    }
    try folder.write("real", "")
    try FileManager.default.removeItem(atPath: folder.path("audit"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("audit"), withDestinationPath: folder.path("real"))
    #expect(throws: AuditError.self) { try write(1) }
    #expect(try folder.read("real").isEmpty)
  }

  @Test func `many writers make one chain`() async throws {
    try await withThrowingTaskGroup { group in
      for writer in 0..<8 {
        group.addTask { [log] in
          for number in 0..<25 { try log.append([self.difference(number)], by: "writer \(writer)") }
        }
      }
      group.addTask { [log] in
        // Whoever looks meanwhile sees a whole log.
        for _ in 0..<50 where FileManager.default.fileExists(atPath: log.path) {
          let report = try log.verify()
          #expect(report.isIntact && report.torn.isEmpty)
        }
      }
      try await group.waitForAll()
    }
    let report = try log.verify()
    #expect(report.isIntact && report.lines == 200)
  }

  @Test func `long values are cut, and odd ones stay on their line`() throws {
    let long = String(repeating: "é\n", count: 10_000)
    try log.append(
      [ConfigurationDifference(path: ["a\nb"], old: long, new: "\u{0}\n", origin: nil)], by: long)
    #expect(try lines().count == 2)
    #expect(try folder.read("audit").utf8.count < 4000)
    #expect(try log.verify().isIntact)
  }

  @Test(arguments: [
    (0.0, "1970-01-01T00:00:00.000Z"), (951_782_400.5, "2000-02-29T00:00:00.500Z"),
    (1_709_164_799.999, "2024-02-28T23:59:59.999Z"), (-5, "1970-01-01T00:00:00.000Z"),
    (1e20, "9999-12-31T23:59:59.000Z"),
  ])
  func `dates are written as RFC 3339 has them`(seconds: Double, text: String) {
    #expect(HTTPDate.rfc3339(seconds) == text)
    if seconds >= 0, seconds < 1e12 { #expect(HTTPDate.seconds(rfc3339: text) == seconds) }
  }
}
