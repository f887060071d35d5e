// Where lines end, wherever the chunks were cut.

/// Cuts chunks into lines. What lies within one chunk is a slice of it; a line over a border is put together.
///
/// Every byte is looked at once per kind of line end, whatever the length of lines and chunks: what was found
/// ahead is remembered, and what had no line end is not searched again.
struct LineCutter: Sendable {
  private let ending: LineEnding
  private let limit: Int
  private var chunk = Bytes()
  /// Where the rest of the chunk begins, in indices of the chunk.
  private var position = 0
  /// The next line feed and the next carriage return at or after `position`, as far as they are known; the end
  /// of the chunk for none. What lies before `position` is out of date.
  private var feed = -1
  private var carriageReturn = -1
  /// The beginning of a line whose end has not come.
  private var begun: [UInt8] = []
  /// A line that was put together; `nil` when the last one is a slice of the chunk.
  private var whole: Bytes?
  /// The line before ended with a carriage return: a line feed that follows belongs to it.
  private var skipsFeed = false
  private var isFirst = true
  /// One of the four things above has to be thought of.
  private var needsCare = true

  /// - Parameter limit: the most bytes of a line.
  init(endingWith ending: LineEnding, limit: Int) {
    precondition(limit > 0, "a line of at most \(limit) bytes says nothing")
    self.ending = ending
    self.limit = limit
  }

  mutating func append(_ bytes: Bytes) {
    if bytes.isEmpty { return }
    // Only a caller who feeds before he has read makes the copy.
    chunk = position == chunk.endIndex ? bytes : Bytes(Array(chunk[position...]) + Array(bytes))
    position = chunk.startIndex
    feed = -1
    carriageReturn = -1
  }

  /// The part of the line that was answered last.
  subscript(part: Range<Int>) -> Bytes {
    if let whole { return whole[part] }
    return chunk[part]
  }

  /// Calls `body` with the bytes of that line.
  @inline(__always)
  func withUnsafeBytes<R>(of line: Range<Int>, _ body: (UnsafeRawBufferPointer) -> R) -> R {
    if let whole { return whole.memory { body(UnsafeRawBufferPointer(rebasing: $0[line])) } }
    return chunk.memory { body(UnsafeRawBufferPointer(rebasing: $0[line])) }
  }

  /// The next line without its end, as a range for the two verbs above; `nil` when its end has not come.
  ///
  /// A range, because a slice costs a reference, and many lines are looked at without being kept.
  mutating func next() throws(LineTooLong) -> Range<Int>? {
    if needsCare { prepare() }
    if position >= chunk.endIndex { return nil }
    let start = position
    let end = nextEnd()
    if end &- start > limit &- begun.count { throw LineTooLong(limit: limit) }
    if end == chunk.endIndex {
      position = end
      begin(with: start..<end)
      return nil
    }
    position = end &+ 1
    if end == carriageReturn, ending == .any {
      skipsFeed = true
      needsCare = true
    }
    return needsCare || ending == .feed ? finishLine(with: start..<end) : start..<end
  }

  /// Lets the line before go.
  private mutating func prepare() {
    whole = nil
    if skipsFeed, position < chunk.endIndex {
      skipsFeed = false
      if chunk.byte(at: position) == .lineFeed { position &+= 1 }
    }
    needsCare = isFirst || skipsFeed || !begun.isEmpty
  }

  /// The quick way, for nine events of ten: takes the value of a line of data that a blank line follows, when both
  /// stand whole in the chunk; `nil`, and nothing is taken, when something else comes or care is needed.
  mutating func takeLoneData() -> Bytes? {
    let start = position
    // The field, its line end and the blank line have seven bytes.
    if needsCare || chunk.endIndex &- start < 7 { return nil }
    let isData = chunk.memory {
      $0.loadUnaligned(fromByteOffset: start, as: UInt32.self) == UInt32(littleEndian: 0x6174_6164)
        && $0[start &+ 4] == .colon
    }
    guard isData else { return nil }
    let end = nextEnd()
    if end &+ 1 >= chunk.endIndex || end &- start > limit { return nil }
    let (isEnded, hasSpace) = chunk.memory {
      ($0[end] == .lineFeed && $0[end &+ 1] == .lineFeed, $0[start &+ 5] == .space)
    }
    guard isEnded else { return nil }
    position = end &+ 2
    return chunk[start &+ (hasSpace ? 6 : 5)..<end]
  }

  /// What stands after the last line end, as a range, too; `nil` when that is nothing.
  mutating func rest() -> Range<Int>? {
    if begun.isEmpty { return nil }
    let line = finishLine(with: position..<position)
    return line.isEmpty ? nil : line
  }

  private mutating func begin(with part: Range<Int>) {
    chunk.memory { begun += UnsafeRawBufferPointer(rebasing: $0[part]) }
    needsCare = true
  }

  private mutating func nextEnd() -> Int {
    if feed < position { feed = find(.lineFeed) }
    if ending == .feed { return feed }
    if carriageReturn < position { carriageReturn = find(.carriageReturn) }
    return min(feed, carriageReturn)
  }

  private func find(_ byte: UInt8) -> Int {
    // Blank lines are half of all lines, and need no search.
    if chunk.byte(at: position) == byte { return position }
    return chunk.memory { memory in
      let rest = UnsafeRawBufferPointer(rebasing: memory[position..<chunk.endIndex])
      return ByteSearch.first(byte, in: rest).map { position &+ $0 } ?? chunk.endIndex
    }
  }

  /// The way of a line that does not stand as it is in one chunk, and of the first.
  private mutating func finishLine(with part: Range<Int>) -> Range<Int> {
    var line = part
    if !begun.isEmpty {
      begin(with: part)
      whole = Bytes(begun)
      line = 0..<begun.count
      begun = []
    }
    if isFirst {
      isFirst = false
      if self[line].starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
    }
    return withoutReturn(line)
  }

  private func withoutReturn(_ line: Range<Int>) -> Range<Int> {
    if ending == .feed, self[line].last == .carriageReturn { return line.dropLast() }
    return line
  }
}

/// What ends a line.
public enum LineEnding: Sendable {
  /// A line feed; a carriage return before it belongs to the line end.
  case feed
  /// A line feed, a carriage return, or the two together.
  case any
}

extension UInt8 {
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  static let space: UInt8 = 0x20
  static let colon: UInt8 = 0x3A
}

/// A line, or what has to be kept of several, is longer than the limit that was set.
public struct LineTooLong: Error, Equatable, CustomStringConvertible {
  /// The most bytes that were allowed.
  public let limit: Int
  public init(limit: Int) { self.limit = limit }
  public var description: String { "a line is longer than the \(limit) bytes that are allowed" }
}

extension Int {
  /// The most bytes of a line when nobody says otherwise: 16 MiB. Long enough for an image in a line, short
  /// enough to notice a stream that has no lines.
  public static let longestLine = 16 << 20
}
