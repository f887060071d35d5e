// The built tool, run as people run it.
import Flows
import Foundation
import HTTPTestKit
import Testing

/// A run of `flow`. Let go, it is ended.
final class ToolRun: Sendable {
  /// What the tool has said so far, and how it ended.
  struct Said: Sendable {
    var out = ""
    var err = ""
    /// `nil` while it runs.
    var status: Int32?
    fileprivate var openEnds = 2
  }

  let said = Watched(Said())
  private let process: Process

  /// - Parameters:
  ///   - variables: the whole environment: no key of whoever runs the tests gets in.
  ///   - input: the standard input.
  init(_ words: [String], _ variables: [String: String] = [:], input: String = "") throws {
    process = Process()
    process.executableURL = try ToolRun.tool
    process.arguments = words
    process.environment = variables
    let (standardInput, out, err) = (Pipe(), Pipe(), Pipe())
    process.standardInput = standardInput
    process.standardOutput = out
    process.standardError = err
    process.terminationHandler = { [said] process in
      said.change { $0.status = process.terminationStatus }
    }
    try process.run()
    ToolRun.read(out) { [said] text in said.change { $0.add(text, to: \.out) } }
    ToolRun.read(err) { [said] text in said.change { $0.add(text, to: \.err) } }
    try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
  }

  deinit { if process.isRunning { process.terminate() } }

  /// Waits for the end, and for all that was said.
  func end() async throws -> Said {
    try await said.until { $0.status != nil && $0.openEnds == 0 }
  }

  /// Presses Ctrl-C.
  func interrupt() { process.interrupt() }

  private static func read(_ pipe: Pipe, _ action: @escaping @Sendable (Data) -> Void) {
    let file = pipe.fileHandleForReading
    Platform.startThread("tool.read") {
      while case let data = file.availableData, !data.isEmpty { action(data) }
      action(Data())
    }
  }

  /// Beside the tests.
  private static var tool: URL {
    get throws {
      let beside = [URL(filePath: CommandLine.arguments[0])] + Bundle.allBundles.map(\.bundleURL)
      let found = beside.map { $0.deletingLastPathComponent().appending(path: "flow") }.first {
        FileManager.default.isExecutableFile(atPath: $0.path)
      }
      return try #require(found, "the tool is not beside the tests")
    }
  }
}

extension ToolRun.Said {
  fileprivate mutating func add(_ data: Data, to text: WritableKeyPath<Self, String>) {
    if data.isEmpty { openEnds -= 1 }
    self[keyPath: text] += String(decoding: data, as: UTF8.self)
  }

  var lines: [Substring] { out.split(whereSeparator: \.isNewline) }
}

/// Runs the tool to its end.
func flow(
  _ words: String..., with variables: [String: String] = [:], input: String = ""
) async throws -> ToolRun.Said {
  try await ToolRun(words, variables, input: input).end()
}

/// A folder of its own, which is gone with it.
final class Folder: Sendable {
  private let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "flow-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: url.appending(path: name)), as: UTF8.self)
  }

  func write(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: url.appending(path: name))
    return path(name)
  }
}
