// Bytes in, text out, and what surrounds the tool.
import FlowProviders
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

enum Terminal {
  /// The keys of the environment, and those that were read since. Whatever is written goes through it, so that no path
  /// forgets.
  static var mask: KeyMask { masked.withLock { $0.mask } }

  /// Another key that is in nothing that is written from now on.
  static func mask(also key: Secret) {
    masked.withLock {
      if $0.secrets.insert(key).inserted { $0.mask = KeyMask(Array($0.secrets)) }
    }
  }

  private static let masked: Mutex<(secrets: Set<Secret>, mask: KeyMask)> = {
    let secrets = ProviderEnvironment(variables).secrets
    return Mutex((Set(secrets), KeyMask(secrets)))
  }()

  /// The variables that configure something, as far as they are set.
  static let variables: [String: String] = {
    var variables: [String: String] = [:]
    for name in ProviderEnvironment.variableNames { variables[name] = variable(name) }
    return variables
  }()

  static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// Waits for whoever reads, as long as nobody presses Ctrl-C.
  ///
  /// - Throws: ``OutputClosed`` when nobody reads any more, `CancellationError` when somebody reads too slowly for
  ///   whoever has pressed Ctrl-C.
  static func out(_ text: String) throws { try write(mask(text), to: 1) }

  static func error(_ text: String) { try? write(mask(text), to: 2) }

  /// A person sees what is written to the standard output.
  static let isOutSeen = isatty(1) == 1
  /// A person sees what is written to the standard error.
  static let isErrorSeen = isatty(2) == 1
  /// A person types the standard input.
  static let isInputTyped = isatty(0) == 1

  /// The next bytes of the standard input; empty at its end.
  static func read(atMost count: Int) throws -> [UInt8] {
    while true {
      var received = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        received = posixRead(0, buffer.baseAddress!, count)
        initialized = max(0, received)
      }
      if received >= 0 { return bytes }
      if errno != EINTR { throw InputFailure(code: errno) }
    }
  }

  static func exit(_ status: ExitStatus) -> Never { posixExit(status.rawValue) }

  /// Everything that is left of the standard input, as text.
  static func readAll() throws -> String {
    var all: [UInt8] = []
    while case let bytes = try read(atMost: 1 << 16), !bytes.isEmpty { all += bytes }
    return String(decoding: all, as: UTF8.self)
  }

  private static func write(_ text: String, to file: Int32) throws {
    var text = text
    try text.withUTF8 { bytes in
      var written = 0
      while written < bytes.count {
        if !isReady(file, within: Interrupts.hasCome ? 0 : 100) {
          if Interrupts.hasCome { throw CancellationError() }
          continue
        }
        // No more than a pipe takes at once that takes anything at all, or this would wait after all.
        let count = posixWrite(file, bytes.baseAddress! + written, min(bytes.count - written, Int(PIPE_BUF)))
        if count < 0 && errno != EINTR && errno != EAGAIN { throw OutputClosed() }
        written += max(0, count)
      }
    }
  }

  /// False when nothing can be written for so many milliseconds. An error can be written: it is told at once.
  private static func isReady(_ file: Int32, within milliseconds: Int32) -> Bool {
    var wanted = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
    return poll(&wanted, 1, milliseconds) > 0
  }
}

/// Nobody reads the standard output any more.
struct OutputClosed: Error {}

struct InputFailure: Error, CustomStringConvertible {
  let code: Int32

  var description: String { "the standard input cannot be read: \(String(cString: strerror(code)))" }
}

// The names are taken inside of `Terminal`.
private func posixRead(_ file: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(file, buffer, count)
}

private func posixWrite(_ file: Int32, _ buffer: UnsafeRawPointer, _ count: Int) -> Int {
  write(file, buffer, count)
}

private func posixExit(_ status: Int32) -> Never { exit(status) }
