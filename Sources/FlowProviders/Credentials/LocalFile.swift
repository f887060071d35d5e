// Files that are nobody else's business: the only place here that speaks to the file system.
#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
  // A whole-module build takes `timespec` for a part of this one, which Glibc's own overlay reads first.
  import SwiftOverlayShims
#elseif canImport(Musl)
  import Musl
#endif

/// A file by its path, read and written whole, or at its end.
struct LocalFile: Sendable {
  let path: String

  /// Why a file cannot be used.
  struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
    let path: String
    let reason: String
    var isAbsent = false

    var description: String { "\(path): \(reason)" }
  }

  /// What shows that a file has changed.
  struct Stamp: Sendable, Hashable {
    var seconds: Int
    var nanoseconds: Int
    var size: Int
    var file: UInt64
  }

  /// Who may read it.
  enum Privacy: Sendable {
    case any
    /// It belongs to whoever runs the program, and nobody else can read or write it.
    case owner
  }

  init(_ path: String) { self.path = path }

  /// What the file looks like from outside; `nil` when there is none.
  var stamp: Stamp? {
    var status = stat()
    return stat(path, &status) == 0 ? Stamp(status) : nil
  }

  /// The bytes of the file, no more than `limit` of them.
  func read(upTo limit: Int, for privacy: Privacy = .any) throws -> [UInt8] {
    let file = try opened(O_RDONLY, for: privacy)
    defer { close(file) }
    return try file.readAll(upTo: limit, path)
  }

  /// Puts `bytes` in the place of what the file held: whoever reads it sees the old or the new, and after a crash one of
  /// them is there. Only the owner can read it.
  func replace(with bytes: [UInt8]) throws {
    var template = Array("\(path).XXXXXX".utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else { throw failure() }
    let name = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    do {
      defer { close(file) }
      guard fchmod(file, 0o600) == 0 else { throw failure() }
      try file.writeAll(bytes, path)
      guard fsync(file) == 0 else { throw failure() }
    } catch {
      unlink(name)
      throw error
    }
    guard rename(name, path) == 0 else {
      let failure = failure()
      unlink(name)
      throw failure
    }
    syncFolder()
  }

  /// Runs `body` while nobody else, in this process or another, does the same with this file, which is made when it is
  /// not there.
  func locked<R>(_ body: (Locked) throws -> R) throws -> R {
    let file = try opened(O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, for: .owner)
    // Whatever happens the lock goes with the file.
    defer { close(file) }
    while flock(file, LOCK_EX) != 0 { if errno != EINTR { throw failure() } }
    return try body(Locked(file: file, path: path))
  }

  /// Hands the whole file to `body`, piece by piece, while nobody is in the middle of ``locked(_:)``.
  func readShared(_ body: ([UInt8]) -> Void) throws {
    let file = try opened(O_RDONLY, for: .any)
    defer { close(file) }
    while flock(file, LOCK_SH) != 0 { if errno != EINTR { throw failure() } }
    while case let piece = try file.readPiece(path), !piece.isEmpty { body(piece) }
  }

  /// Takes the file away, if it is there.
  func remove() throws { if unlink(path) != 0, errno != ENOENT { throw failure() } }

  /// Says that the file was used just now.
  func touch() { utimensat(AT_FDCWD, path, nil, 0) }

  /// A file that nobody else writes to.
  struct Locked {
    fileprivate let file: Int32
    fileprivate let path: String

    /// The last bytes, no more than `limit` of them.
    func tail(upTo limit: Int) throws -> [UInt8] {
      let size = lseek(file, 0, SEEK_END)
      guard size >= 0, lseek(file, max(0, size - off_t(limit)), SEEK_SET) >= 0 else {
        throw LocalFile(path).failure()
      }
      return try file.readAll(upTo: limit, path)
    }

    /// Puts `bytes` at the end; when this returns they are on the disk.
    func append(_ bytes: [UInt8]) throws {
      try file.writeAll(bytes, path)
      guard fsync(file) == 0 else { throw LocalFile(path).failure() }
    }
  }

  private func opened(_ flags: Int32, for privacy: Privacy) throws -> Int32 {
    // What is no file, a pipe say, could keep the caller waiting.
    let file = open(path, flags | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard file >= 0 else { throw failure() }
    var status = stat()
    let isKnown = fstat(file, &status) == 0
    var reason: String?
    if !isKnown || status.st_mode & S_IFMT != S_IFREG {
      reason = "it is no file"
    } else if privacy == .owner, status.st_uid != geteuid() {
      reason = "it belongs to somebody else"
    } else if privacy == .owner, status.st_mode & 0o077 != 0 {
      reason = "others may read or write it; chmod 600 makes it private"
    }
    guard let reason else { return file }
    close(file)
    throw Failure(path: path, reason: reason)
  }

  fileprivate func failure() -> Failure {
    let code = errno
    return Failure(path: path, reason: String(cString: strerror(code)), isAbsent: code == ENOENT)
  }

  /// A name is only safe when its folder is on the disk.
  private func syncFolder() {
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let file = open(folder, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    fsync(file)
    close(file)
  }
}

/// A folder by its path.
struct LocalFolder: Sendable {
  let path: String

  init(_ path: String) { self.path = path }

  subscript(name: String) -> LocalFile { LocalFile("\(path)/\(name)") }

  /// Makes the folder, for its owner alone, when it is not there. The folder around it must be.
  func make() throws {
    if mkdir(path, 0o700) != 0, errno != EEXIST { throw LocalFile(path).failure() }
  }

  /// The names of what is in it.
  func names() throws -> [String] {
    guard let folder = opendir(path) else { throw LocalFile(path).failure() }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}

extension LocalFile.Stamp {
  fileprivate init(_ status: stat) {
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    self.init(
      seconds: Int(time.tv_sec), nanoseconds: Int(time.tv_nsec), size: Int(status.st_size),
      file: UInt64(status.st_ino))
  }
}

extension Int32 {
  /// Everything from here on, of an open file.
  fileprivate func readAll(upTo limit: Int, _ path: String) throws -> [UInt8] {
    var all: [UInt8] = []
    while case let piece = try readPiece(path), !piece.isEmpty {
      all += piece
      if all.count > limit {
        throw LocalFile.Failure(path: path, reason: "it is longer than \(limit) bytes")
      }
    }
    return all
  }

  /// The next bytes of an open file; none at its end.
  fileprivate func readPiece(_ path: String) throws -> [UInt8] {
    while true {
      var count = 0
      let piece = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, initialized in
        count = systemRead(self, buffer.baseAddress!, buffer.count)
        initialized = Swift.max(0, count)
      }
      if count >= 0 { return piece }
      if errno != EINTR { throw LocalFile(path).failure() }
    }
  }

  fileprivate func writeAll(_ bytes: [UInt8], _ path: String) throws {
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { systemWrite(self, $0.baseAddress!, $0.count) }
      if count < 0, errno != EINTR { throw LocalFile(path).failure() }
      written += Swift.max(0, count)
    }
  }
}

// The names are taken inside of `LocalFile`.
private func systemRead(_ file: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(file, buffer, count)
}

private func systemWrite(_ file: Int32, _ buffer: UnsafeRawPointer, _ count: Int) -> Int {
  write(file, buffer, count)
}

/// The time of day, for what people read.
enum WallClock {
  /// Seconds since 1970.
  static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The name of whoever runs the program.
  static var user: String {
    guard let entry = getpwuid(geteuid()), let name = entry.pointee.pw_name else { return "\(geteuid())" }
    return String(cString: name)
  }
}
