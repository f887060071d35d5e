// The built tool, run as people run it.
import Flows
import Foundation
import HTTPTestKit
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

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

  /// Where the tool's words go.
  enum Place {
    /// Two pipes.
    case program
    /// A terminal, for both: what a person sees is in `out`.
    case person
    /// Two pipes that nobody reads.
    case nobody
  }

  /// - Parameters:
  ///   - variables: the whole environment: no key of whoever runs the tests gets in.
  ///   - input: the standard input.
  init(
    _ words: [String], _ variables: [String: String] = [:], input: String = "", for place: Place = .program
  ) throws {
    process = Process()
    process.executableURL = try ToolRun.tool
    process.arguments = words
    process.environment = variables
    let standardInput = Pipe()
    process.standardInput = standardInput
    process.terminationHandler = { [said] process in
      said.change { $0.status = process.terminationStatus }
    }
    let add: (any WritableKeyPath<Said, String> & Sendable) -> @Sendable (Data) -> Void = { [said] text in
      { data in said.change { $0.add(data, to: text) } }
    }
    switch place {
    case .nobody:
      (process.standardOutput, process.standardError) = (Pipe(), Pipe())
      try process.run()
    case .program:
      let (out, err) = (Pipe(), Pipe())
      process.standardOutput = out
      process.standardError = err
      try process.run()
      ToolRun.read(out.fileHandleForReading, add(\.out))
      ToolRun.read(err.fileHandleForReading, add(\.err))
    case .person:
      let (person, tool) = try ToolRun.terminal()
      process.standardOutput = tool
      process.standardError = tool
      said.change { $0.openEnds = 1 }
      try process.run()
      try tool.close()
      ToolRun.read(person, add(\.out))
    }
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

  private static func read(_ file: FileHandle, _ action: @escaping @Sendable (Data) -> Void) {
    Platform.startThread("tool.read") {
      var buffer = [UInt8](repeating: 0, count: 1 << 14)
      // A terminal whose other side has closed says that with an error.
      while case let count = systemRead(file.fileDescriptor, &buffer, buffer.count), count > 0 {
        action(Data(buffer[..<count]))
      }
      action(Data())
    }
  }

  /// Both sides of a terminal.
  private static func terminal() throws -> (person: FileHandle, tool: FileHandle) {
    #if canImport(Darwin)
      let person = posix_openpt(O_RDWR | O_NOCTTY)
      try #require(person >= 0 && grantpt(person) == 0 && unlockpt(person) == 0)
      let tool = open(try #require(ptsname(person)), O_RDWR | O_NOCTTY)
    #else
      let person = open("/dev/ptmx", O_RDWR | O_NOCTTY)
      var (number, lock): (CInt, CInt) = (0, 0)
      // TIOCSPTLCK and TIOCGPTN, which are not imported: unlock the other side, and tell its number.
      try #require(person >= 0 && ioctl(person, 0x4004_5431, &lock) == 0)
      try #require(ioctl(person, 0x8004_5430, &number) == 0)
      let tool = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
    #endif
    try #require(tool >= 0)
    return (
      FileHandle(fileDescriptor: person, closeOnDealloc: true),
      FileHandle(fileDescriptor: tool, closeOnDealloc: true)
    )
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

// The name is taken inside of `ToolRun`.
private func systemRead(_ file: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(file, buffer, count)
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
