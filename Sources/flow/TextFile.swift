// Files that are named on the command line.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

enum TextFile {
  /// The bytes of a file; `-` is the standard input.
  static func read(_ path: String) throws -> [UInt8] {
    if path == "-" {
      var all: [UInt8] = []
      while case let bytes = try Terminal.read(atMost: 1 << 16), !bytes.isEmpty { all += bytes }
      return all
    }
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw failure(path, "cannot be read") }
    defer { close(file) }
    var all: [UInt8] = []
    while true {
      var count = 0
      let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, initialized in
        count = systemRead(file, buffer.baseAddress!, buffer.count)
        initialized = max(0, count)
      }
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw failure(path, "cannot be read") }
      if count == 0 { return all }
      all += piece
    }
  }

  /// A file to write to: new, or emptied. Only its owner can read it.
  static func create(_ path: String) throws -> Sink {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure(path, "cannot be written") }
    return Sink(file: file)
  }

  struct Sink: Sendable {
    fileprivate let file: Int32

    /// False when it could not be written.
    func write(_ bytes: some Sequence<UInt8>) -> Bool {
      let bytes = Array(bytes)
      return bytes.withUnsafeBytes { buffer in
        var written = 0
        while written < buffer.count {
          let count = systemWrite(file, buffer.baseAddress! + written, buffer.count - written)
          if count < 0 && errno != EINTR { return false }
          written += max(0, count)
        }
        return true
      }
    }
  }

  private static func failure(_ path: String, _ what: String) -> Complaint {
    Complaint("\(path) \(what): \(String(cString: strerror(errno)))")
  }
}

// The names are taken inside of `TextFile`.
private func systemRead(_ file: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(file, buffer, count)
}

private func systemWrite(_ file: Int32, _ buffer: UnsafeRawPointer, _ count: Int) -> Int {
  write(file, buffer, count)
}
