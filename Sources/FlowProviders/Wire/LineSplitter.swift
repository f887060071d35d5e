// Cuts bytes into lines.

/// Finds lines in bytes that come in pieces. LF, CR and CRLF end a line, also when a piece ends between the two.
struct LineSplitter: Sendable {
  /// The most bytes of one line that are kept.
  static let limit = 16 << 20

  private var begun: [UInt8] = []
  private var skipsLineFeed = false
  private var isFirst = true

  init() {}

  /// Calls `body` with each line that `bytes` completes, without its end. A byte order mark at the very beginning is
  /// left out.
  /// - Throws: ``LineTooLong``.
  mutating func feed(_ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void) throws
  {
    var start = 0
    if skipsLineFeed, let first = bytes.first {
      skipsLineFeed = false
      if first == 0x0A { start = 1 }
    }
    while let end = LineSplitter.lineEnd(bytes, from: start) {
      if begun.isEmpty {
        try deliver(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), body)
      } else {
        begun.append(contentsOf: bytes[start..<end])
        let line = begun
        begun.removeAll(keepingCapacity: line.count < 1 << 16)
        try line.withUnsafeBytes { try deliver($0, body) }
      }
      start = end + 1
      if bytes[end] == 0x0D {
        if start < bytes.count {
          if bytes[start] == 0x0A { start += 1 }
        } else {
          skipsLineFeed = true
        }
      }
    }
    if bytes.count - start + begun.count > LineSplitter.limit { throw LineTooLong() }
    begun.append(contentsOf: bytes[start...])
  }

  /// Calls `body` with the line that has begun and not ended, if there is one.
  mutating func finish(_ body: (UnsafeRawBufferPointer) throws -> Void) rethrows {
    if begun.isEmpty { return }
    let line = begun
    begun = []
    try line.withUnsafeBytes { try deliver($0, body) }
  }

  private mutating func deliver(
    _ line: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) rethrows {
    guard isFirst else { return try body(line) }
    isFirst = false
    let hasMark = line.count >= 3 && line[0] == 0xEF && line[1] == 0xBB && line[2] == 0xBF
    try body(hasMark ? UnsafeRawBufferPointer(rebasing: line[3...]) : line)
  }

  /// The next LF or CR; eight bytes at a time.
  private static func lineEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var position = start
    while position &+ 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self).littleEndian
      let lineFeeds = word ^ (ones &* 0x0A)
      let returns = word ^ (ones &* 0x0D)
      let found = (((lineFeeds &- ones) & ~lineFeeds) | ((returns &- ones) & ~returns)) & (ones &* 0x80)
      if found != 0 { return position &+ found.trailingZeroBitCount / 8 }
      position &+= 8
    }
    while position < bytes.count {
      if bytes[position] == 0x0A || bytes[position] == 0x0D { return position }
      position &+= 1
    }
    return nil
  }
}

struct LineTooLong: Error {}
