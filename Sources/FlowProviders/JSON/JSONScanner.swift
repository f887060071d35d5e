// Walks once over a JSON text, checks it, and writes down its shape.

/// The loop behind ``JSONTape``. No recursion: an open container's entry remembers the container around it.
struct JSONScanner {
  let base: UnsafePointer<UInt8>
  let count: Int
  let surrogates: JSONSurrogates

  private var position = 0
  private var written = 0
  private var depth = 0
  /// The container that is open, or -1.
  private var container = -1
  private var isAfterValue = false

  init(base: UnsafePointer<UInt8>, count: Int, surrogates: JSONSurrogates) {
    self.base = base
    self.count = count
    self.surrogates = surrogates
  }

  /// Scans on from where it stopped.
  /// - Returns: `false` when `tape` is full: make it longer, keep what it holds, and call again.
  mutating func scan(into tape: UnsafeMutableBufferPointer<JSONEntry>) throws(JSONError) -> Bool {
    while true {
      if isAfterValue {
        if try !proceed(tape) { break }
        isAfterValue = false
      }
      // A key and a value.
      if written &+ 2 > tape.count { return false }
      if container >= 0, tape[container].kind == .object { try key(tape) }
      try value(tape)
    }
    skipSpace()
    if position < count { throw JSONError(.trailingBytes, at: position) }
    return true
  }

  // MARK: Structure

  /// After a value: passes the comma before the next one, and closes the containers that end here.
  /// - Returns: `false` when the outermost value is complete.
  private mutating func proceed(_ tape: UnsafeMutableBufferPointer<JSONEntry>) throws(JSONError) -> Bool {
    while container >= 0 {
      let byte = try significant()
      if byte == UInt8(ascii: ",") {
        position &+= 1
        return true
      }
      guard byte == (tape[container].kind == .object ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
        throw JSONError(.unexpectedByte, at: position)
      }
      close(tape)
    }
    return false
  }

  private mutating func open(
    _ kind: JSONEntry.Kind, closedBy closing: UInt8, _ tape: UnsafeMutableBufferPointer<JSONEntry>
  ) throws(JSONError) {
    depth &+= 1
    if depth > JSONTape.depthLimit { throw JSONError(.tooDeep, at: position) }
    tape[written] = JSONEntry(
      start: UInt32(truncatingIfNeeded: position), end: 0, next: UInt32(bitPattern: Int32(container)),
      kind: kind, isEscaped: false)
    container = written
    written &+= 1
    position &+= 1
    if try significant() == closing {
      close(tape)
      isAfterValue = true
    }
  }

  private mutating func close(_ tape: UnsafeMutableBufferPointer<JSONEntry>) {
    position &+= 1
    depth &-= 1
    let outer = Int(Int32(bitPattern: tape[container].next))
    tape[container].end = UInt32(truncatingIfNeeded: position)
    tape[container].next = UInt32(truncatingIfNeeded: written)
    container = outer
  }

  private mutating func key(_ tape: UnsafeMutableBufferPointer<JSONEntry>) throws(JSONError) {
    guard try significant() == UInt8(ascii: "\"") else { throw JSONError(.unexpectedByte, at: position) }
    try string(tape)
    guard try significant() == UInt8(ascii: ":") else { throw JSONError(.unexpectedByte, at: position) }
    position &+= 1
  }

  private mutating func value(_ tape: UnsafeMutableBufferPointer<JSONEntry>) throws(JSONError) {
    let byte = try significant()
    isAfterValue = true
    switch byte {
    case UInt8(ascii: "\""): try string(tape)
    case UInt8(ascii: "{"):
      isAfterValue = false
      try open(.object, closedBy: UInt8(ascii: "}"), tape)
    case UInt8(ascii: "["):
      isAfterValue = false
      try open(.array, closedBy: UInt8(ascii: "]"), tape)
    case UInt8(ascii: "n"): try word("null", .null, tape)
    case UInt8(ascii: "t"): try word("true", .true, tape)
    case UInt8(ascii: "f"): try word("false", .false, tape)
    default: try number(tape)
    }
  }

  // MARK: Space

  @inline(__always)
  private mutating func skipSpace() {
    while position < count, base[position] <= 0x20 {
      switch base[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position &+= 1
      default: return
      }
    }
  }

  /// The next byte that is not space, without passing it.
  @inline(__always)
  private mutating func significant() throws(JSONError) -> UInt8 {
    if position < count, base[position] > 0x20 { return base[position] }
    skipSpace()
    guard position < count else { throw JSONError(.endOfText, at: position) }
    return base[position]
  }

  // MARK: Leaves

  @inline(__always)
  private mutating func append(
    _ kind: JSONEntry.Kind, from start: Int, to end: Int, isEscaped: Bool = false,
    _ tape: UnsafeMutableBufferPointer<JSONEntry>
  ) {
    tape[written] = JSONEntry(
      start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end),
      next: UInt32(truncatingIfNeeded: written &+ 1), kind: kind, isEscaped: isEscaped)
    written &+= 1
  }

  private mutating func word(
    _ word: StaticString, _ kind: JSONEntry.Kind, _ tape: UnsafeMutableBufferPointer<JSONEntry>
  ) throws(JSONError) {
    let length = word.utf8CodeUnitCount
    for offset in 0..<length {
      guard position + offset < count else { throw JSONError(.endOfText, at: count) }
      guard base[position + offset] == word.utf8Start[offset] else {
        throw JSONError(.unexpectedByte, at: position + offset)
      }
    }
    append(kind, from: position, to: position + length, tape)
    position &+= length
  }

  private mutating func number(_ tape: UnsafeMutableBufferPointer<JSONEntry>) throws(JSONError) {
    let start = position
    if base[position] == UInt8(ascii: "-") { position &+= 1 }
    guard position < count else { throw JSONError(.endOfText, at: count) }
    guard isDigit(position) else {
      throw JSONError(position == start ? .unexpectedByte : .number, at: position)
    }
    if base[position] == UInt8(ascii: "0") {
      position &+= 1
      if isDigit(position) { throw JSONError(.number, at: position) }
    } else {
      skipDigits()
    }
    var kind = JSONEntry.Kind.integer
    if position < count, base[position] == UInt8(ascii: ".") {
      kind = .decimal
      position &+= 1
      try digits()
    }
    if position < count, base[position] | 0x20 == UInt8(ascii: "e") {
      kind = .decimal
      position &+= 1
      if position < count, base[position] == UInt8(ascii: "+") || base[position] == UInt8(ascii: "-") {
        position &+= 1
      }
      try digits()
    }
    append(kind, from: start, to: position, tape)
  }

  @inline(__always)
  private func isDigit(_ position: Int) -> Bool { position < count && base[position] &- 0x30 < 10 }

  @inline(__always)
  private mutating func skipDigits() { while isDigit(position) { position &+= 1 } }

  private mutating func digits() throws(JSONError) {
    guard position < count else { throw JSONError(.endOfText, at: count) }
    guard isDigit(position) else { throw JSONError(.number, at: position) }
    skipDigits()
  }

  // MARK: Strings

  @inline(__always)
  private mutating func string(_ tape: UnsafeMutableBufferPointer<JSONEntry>) throws(JSONError) {
    position &+= 1
    let start = position
    var isEscaped = false
    while true {
      skipPlain()
      guard position < count else { throw JSONError(.endOfText, at: count) }
      let byte = base[position]
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") {
        isEscaped = true
        try escape()
      } else if byte < 0x20 {
        throw JSONError(.controlCharacter, at: position)
      } else {
        position &+= try scalar(at: position)
      }
    }
    append(.string, from: start, to: position, isEscaped: isEscaped, tape)
    position &+= 1
  }

  /// Passes characters that mean themselves, eight bytes at a time.
  @inline(__always)
  private mutating func skipPlain() {
    while position &+ 8 <= count {
      let word = UnsafeRawPointer(base + position).loadUnaligned(as: UInt64.self).littleEndian
      let special = JSONScanner.special(in: word)
      if special != 0 {
        position &+= special.trailingZeroBitCount / 8
        return
      }
      position &+= 8
    }
    while position < count {
      let byte = base[position]
      if byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return }
      position &+= 1
    }
  }

  /// Marks, with its top bit, the first byte that is a quote, a backslash, a control character or not ASCII.
  /// Bytes above the first mark may be marked for nothing: a borrow runs upwards.
  @inline(__always)
  private static func special(in word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotes = word ^ (ones &* 0x22)
    let backslashes = word ^ (ones &* 0x5C)
    let low = (word &- ones &* 0x20) | (quotes &- ones) | (backslashes &- ones)
    return ((low & ~word) | word) & (ones &* 0x80)
  }

  private mutating func escape() throws(JSONError) {
    guard position + 1 < count else { throw JSONError(.endOfText, at: count) }
    switch base[position + 1] {
    case UInt8(ascii: "u"):
      let unit = try hexadecimal(at: position + 2)
      position &+= 6
      guard unit & 0xF800 == 0xD800 else { return }
      if unit < 0xDC00, position + 1 < count, base[position] == UInt8(ascii: "\\"),
        base[position + 1] == UInt8(ascii: "u"), try hexadecimal(at: position + 2) & 0xFC00 == 0xDC00
      {
        position &+= 6
        return
      }
      if surrogates == .paired { throw JSONError(.surrogate, at: position &- 6) }
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position &+= 2
    default: throw JSONError(.escape, at: position + 1)
    }
  }

  private func hexadecimal(at position: Int) throws(JSONError) -> UInt32 {
    guard position + 4 <= count else { throw JSONError(.endOfText, at: count) }
    guard let unit = JSONText.hexadecimal(base + position) else { throw JSONError(.escape, at: position) }
    return unit
  }

  /// The length of the scalar at `position`, which is not ASCII.
  private func scalar(at position: Int) throws(JSONError) -> Int {
    let length = JSONText.scalarLength(base + position, count - position)
    if length > 0 { return length }
    throw JSONError(length == 0 ? .utf8 : .endOfText, at: position)
  }
}
