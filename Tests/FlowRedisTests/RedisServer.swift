// A Redis of a test's own.
#if Redis
  import FlowProviders
  import FlowRedis
  import Flows
  import Foundation
  import HTTPTestKit
  import Testing

  /// A program that a test runs. Let go, it is killed.
  final class Program: Sendable {
    struct Said: Sendable {
      var text = ""
      /// Its output was closed, which is its end.
      var isOver = false
    }

    let said = Watched(Said())
    private let process: Process

    init(_ path: String, _ arguments: [String]) throws {
      process = Process()
      process.executableURL = URL(filePath: path)
      process.arguments = arguments
      let output = Pipe()
      process.standardOutput = output
      process.standardError = output
      process.standardInput = FileHandle.nullDevice
      try process.run()
      let file = output.fileHandleForReading
      Platform.startThread("program.read") { [said] in
        while case let data = file.availableData, !data.isEmpty {
          said.change { $0.text += String(decoding: data, as: UTF8.self) }
        }
        said.change { $0.isOver = true }
      }
    }

    deinit { kill() }

    func kill() { if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) } }

    /// Waits until it has ended and all that it said is there.
    func end() async throws -> String { try await said.until(\.isOver).text }

    /// Beside the tests.
    static func beside(_ name: String) throws -> String {
      let places = [URL(filePath: CommandLine.arguments[0])] + Bundle.allBundles.map(\.bundleURL)
      let found = places.map { $0.deletingLastPathComponent().appending(path: name).path }
      return try #require(
        found.first { FileManager.default.isExecutableFile(atPath: $0) }, "\(name) is not beside the tests")
    }
  }

  /// `redis-server` on a free port of this machine, with nothing on the disk. Let go, it is killed.
  final class RedisServer: Sendable {
    let port: Int
    private let program: Program

    private init(port: Int, _ program: Program) {
      self.port = port
      self.program = program
    }

    /// Returns when it takes connections.
    ///
    /// - Parameter port: the port of a server that was killed; a free one when it is left out.
    static func start(on port: Int? = nil, _ options: String...) async throws -> RedisServer {
      let path = try #require(
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { $0 + "/redis-server" }
          .first { FileManager.default.isExecutableFile(atPath: $0) },
        "redis-server is missing: scripts/setup redis")
      while true {
        let port = port ?? Int.random(in: 20_000..<60_000)
        let program = try Program(
          path,
          ["--bind", "127.0.0.1", "--port", "\(port)", "--save", "", "--appendonly", "no", "--dir", "/"]
            + options)
        let said = try await program.said.until {
          $0.isOver || $0.text.contains("Ready to accept connections")
        }
        if !said.isOver { return RedisServer(port: port, program) }
        try #require(said.text.contains("in use"), "redis-server says: \(said.text)")
      }
    }

    /// Kills it, as the power does, and returns when it is gone.
    func kill() async throws {
      program.kill()
      _ = try await program.end()
    }

    var address: RedisConfiguration.Address { .tcp(host: "127.0.0.1", port: port) }

    /// A backend that is patient with a busy machine.
    func backend(
      _ change: (inout RedisConfiguration) -> Void = { _ in },
      scheduler: any FlowScheduler = SystemScheduler.shared
    ) -> RedisBackend {
      var setup = RedisConfiguration(address, connectTimeout: .seconds(20), commandTimeout: .seconds(20))
      change(&setup)
      return RedisBackend(setup, scheduler: scheduler)
    }
  }
#endif
