// A place in a JSON text that has been read: asks for what stands there.

/// One value of a text that ``JSONTape`` has read. Copying it costs three words; it must not outlive the
/// closure that it was handed to.
///
/// What is absent, `null`, or of another type than the one asked for is `nil`: providers mean the same by all three.
struct JSONCursor {
  let text: UnsafePointer<UInt8>
  let entries: UnsafePointer<JSONEntry>
  let index: Int

  @inline(__always)
  var kind: JSONEntry.Kind { entries[index].kind }

  @inline(__always)
  func at(_ index: Int) -> JSONCursor { JSONCursor(text: text, entries: entries, index: index) }

  /// The value's bytes in the text; a string's without its quotes.
  var bytes: UnsafeBufferPointer<UInt8> {
    let entry = entries[index]
    return UnsafeBufferPointer(start: text + Int(entry.start), count: Int(entry.end &- entry.start))
  }

  // MARK: Going on

  /// The member of an object, unless it is `null`. Of several with this name, the last.
  @inline(__always)
  subscript(name: StaticString) -> JSONCursor? {
    guard kind == .object else { return nil }
    let end = Int(entries[index].next)
    var key = index &+ 1
    var found = -1
    while key < end {
      if at(key).equals(name) { found = key &+ 1 }
      key = Int(entries[key &+ 1].next)
    }
    guard found >= 0, entries[found].kind != .null else { return nil }
    return at(found)
  }

  /// The elements of an array; nothing when it is none.
  var elements: Elements {
    let isArray = kind == .array
    return Elements(cursor: self, position: index &+ 1, end: isArray ? Int(entries[index].next) : 0)
  }

  /// The elements of the array that the member `name` is; nothing when there is none.
  func elements(_ name: StaticString) -> Elements {
    self[name]?.elements ?? Elements(cursor: self, position: 0, end: 0)
  }

  /// The elements of the array that the member `inner` of the member `outer` is.
  func elements(_ outer: StaticString, _ inner: StaticString) -> Elements {
    self[outer]?.elements(inner) ?? Elements(cursor: self, position: 0, end: 0)
  }

  /// The members of an object, in the order of the text; nothing when it is none.
  var members: Members {
    let isObject = kind == .object
    return Members(cursor: self, position: index &+ 1, end: isObject ? Int(entries[index].next) : 0)
  }

  struct Elements: Sequence, IteratorProtocol {
    let cursor: JSONCursor
    var position: Int
    let end: Int

    mutating func next() -> JSONCursor? {
      guard position < end else { return nil }
      defer { position = Int(cursor.entries[position].next) }
      return cursor.at(position)
    }
  }

  struct Members: Sequence, IteratorProtocol {
    let cursor: JSONCursor
    var position: Int
    let end: Int

    mutating func next() -> (key: JSONCursor, value: JSONCursor)? {
      guard position < end else { return nil }
      defer { position = Int(cursor.entries[position &+ 1].next) }
      return (cursor.at(position), cursor.at(position &+ 1))
    }
  }

  // MARK: Reading

  var isObject: Bool { kind == .object }
  /// An array or an object that holds nothing.
  var isEmpty: Bool { entries[index].next == UInt32(index &+ 1) }
  var isArray: Bool { kind == .array }

  /// The string is `other`.
  @inline(__always)
  func equals(_ other: StaticString) -> Bool {
    let entry = entries[index]
    guard entry.kind == .string else { return false }
    if entry.isEscaped { return string == other.description }
    let count = other.utf8CodeUnitCount
    guard Int(entry.end &- entry.start) == count else { return false }
    let mine = text + Int(entry.start)
    let theirs = other.utf8Start
    var offset = 0
    while offset < count {
      if mine[offset] != theirs[offset] { return false }
      offset &+= 1
    }
    return true
  }

  var string: String? {
    let entry = entries[index]
    guard entry.kind == .string else { return nil }
    return entry.isEscaped ? JSONText.unescaped(bytes) : String(decoding: bytes, as: UTF8.self)
  }

  /// The string, unless it is empty.
  @inline(__always)
  var nonempty: String? {
    let entry = entries[index]
    return entry.start == entry.end ? nil : string
  }

  var bool: Bool? {
    switch kind {
    case .true: true
    case .false: false
    default: nil
    }
  }

  /// The number, when it is whole and fits.
  var int: Int? {
    switch kind {
    case .integer: return JSONNumber.integer(bytes)
    case .decimal: return JSONNumber.double(bytes).flatMap { Int(exactly: $0) }
    default: return nil
    }
  }

  var double: Double? {
    switch kind {
    case .integer, .decimal: JSONNumber.double(bytes)
    default: nil
    }
  }

  /// The value as it stands in the text.
  var source: String {
    if kind == .string {
      let inner = bytes
      let whole = UnsafeBufferPointer(start: inner.baseAddress! - 1, count: inner.count + 2)
      return String(decoding: whole, as: UTF8.self)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A copy that may be kept.
  var value: JSONValue {
    switch kind {
    case .null: .null
    case .true: .bool(true)
    case .false: .bool(false)
    case .integer: JSONNumber.integer(bytes).map { .integer($0) } ?? .number(double ?? .infinity)
    case .decimal: .number(double ?? .infinity)
    case .string: .string(string ?? "")
    case .array: .array(elements.map(\.value))
    case .object:
      .object(members.reduce(into: JSONObject()) { $0[$1.key.string ?? ""] = $1.value.value })
    }
  }
}
