// Bytes in, text out.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

enum Terminal {
  static func out(_ text: String) { write(text, to: 1) }
  static func error(_ text: String) { write(text, to: 2) }

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

  private static func write(_ text: String, to file: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var written = 0
      while written < bytes.count {
        let count = posixWrite(file, bytes.baseAddress! + written, bytes.count - written)
        // Nobody reads any more: there is nobody to tell.
        if count < 0 && errno != EINTR { return }
        written += max(0, count)
      }
    }
  }
}

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
