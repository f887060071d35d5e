// What a transport delivers and a decoder cuts up: a slice of bytes that costs nothing to pass on.

/// Immutable bytes, 16 bytes wide; a slice shares the storage of the whole and copies nothing.
///
/// Indices belong to the storage, as those of `ArraySlice` do: a slice begins at its `startIndex`, not at 0.
/// A slice keeps all of its storage alive; ``detached()`` copies a small part out of a large whole.
///
/// ```swift
/// let line: Bytes = "data: hello"
/// let value = line.dropFirst(6)      // no copy
/// String(value)                      // "hello"
/// ```
@frozen
public struct Bytes: Sendable {
  @usableFromInline let storage: [UInt8]
  // 32 bits each, so that an event of several slices stays small.
  @usableFromInline let start: UInt32
  @usableFromInline let end: UInt32

  @inlinable @inline(__always)
  init(storage: [UInt8], start: UInt32, end: UInt32) {
    self.storage = storage
    self.start = start
    self.end = end
  }

  /// No bytes.
  @inlinable
  public init() { self.init(storage: [], start: 0, end: 0) }

  /// The bytes of an array, which is not copied.
  ///
  /// - Parameter array: less than 4 GiB; more traps.
  @inlinable
  public init(_ array: [UInt8]) {
    precondition(array.count <= Int(UInt32.max), "\(array.count) bytes are more than one value holds")
    self.init(storage: array, start: 0, end: UInt32(truncatingIfNeeded: array.count))
  }

  /// A copy of any sequence of bytes.
  @inlinable
  public init<S: Sequence>(_ bytes: S) where S.Element == UInt8 { self.init(Array(bytes)) }

  /// The bytes of a text in UTF-8.
  @inlinable
  public init(_ text: String) { self.init(Array(text.utf8)) }

  /// A copy of bytes in memory.
  @inlinable
  public init(copying memory: UnsafeRawBufferPointer) {
    self.init(
      Array(unsafeUninitializedCapacity: memory.count) { target, count in
        UnsafeMutableRawBufferPointer(target).copyMemory(from: memory)
        count = memory.count
      })
  }

  /// The same bytes with a storage of their own size.
  @inlinable
  public func detached() -> Bytes { count == storage.count ? self : withUnsafeBytes(Bytes.init(copying:)) }

  /// The byte at an index that is known to be inside.
  @inlinable @inline(__always)
  func byte(at index: Int) -> UInt8 { storage.withUnsafeBufferPointer { $0[index] } }

  /// Calls `body` with all of the storage, for ranges that are known to be inside.
  @inlinable @inline(__always)
  func memory<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try storage.withUnsafeBytes(body)
  }

  /// Calls `body` with the bytes, which are valid for the length of the call.
  @inlinable @inline(__always)
  public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try storage.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[Int(start)..<Int(end)])) }
  }
}

extension Bytes: RandomAccessCollection {
  @inlinable public var startIndex: Int { Int(start) }
  @inlinable public var endIndex: Int { Int(end) }

  @inlinable
  public subscript(position: Int) -> UInt8 {
    precondition(position >= startIndex && position < endIndex, "index \(position) is outside of \(indices)")
    return storage[position]
  }

  /// A part, which shares the storage.
  @inlinable @inline(__always)
  public subscript(range: Range<Int>) -> Bytes {
    precondition(
      range.lowerBound >= startIndex && range.upperBound <= endIndex, "a part outside of the whole")
    return Bytes(
      storage: storage, start: UInt32(truncatingIfNeeded: range.lowerBound),
      end: UInt32(truncatingIfNeeded: range.upperBound))
  }

  /// Where `byte` comes first, searched at the speed of memory.
  @inlinable
  public func firstIndex(of byte: UInt8) -> Int? {
    withUnsafeBytes { ByteSearch.first(byte, in: $0) }.map { startIndex + $0 }
  }

  @inlinable
  public func withContiguousStorageIfAvailable<R>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> R
  ) rethrows -> R? {
    try storage.withUnsafeBufferPointer {
      try body(UnsafeBufferPointer(rebasing: $0[Int(start)..<Int(end)]))
    }
  }
}

extension Bytes: Hashable {
  @inlinable
  public static func == (a: Bytes, b: Bytes) -> Bool {
    a.count == b.count
      && a.withUnsafeBytes { a in b.withUnsafeBytes { b in ByteSearch.areEqual(a, b) } }
  }

  @inlinable
  public func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    withUnsafeBytes { hasher.combine(bytes: $0) }
  }
}

extension Bytes: ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
  @inlinable public init(stringLiteral text: String) { self.init(text) }
  @inlinable public init(arrayLiteral bytes: UInt8...) { self.init(bytes) }
}

extension Bytes: CustomStringConvertible {
  /// The bytes as text.
  public var description: String { String(self) }
}

extension String {
  /// The text that `bytes` spell in UTF-8; what is none is replaced by U+FFFD.
  @inlinable
  public init(_ bytes: Bytes) { self = bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}
