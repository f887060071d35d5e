// The two loops over bytes that the system's C library does best.
#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@usableFromInline
enum ByteSearch {
  /// How many bytes come before the first `byte`.
  @usableFromInline
  static func first(_ byte: UInt8, in memory: UnsafeRawBufferPointer) -> Int? {
    guard let base = memory.baseAddress, let found = memchr(base, CInt(byte), memory.count) else {
      return nil
    }
    return base.distance(to: UnsafeRawPointer(found))
  }

  @usableFromInline
  static func areEqual(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
    guard a.count == b.count, let first = a.baseAddress, let second = b.baseAddress else {
      return a.count == b.count
    }
    return memcmp(first, second, a.count) == 0
  }
}
