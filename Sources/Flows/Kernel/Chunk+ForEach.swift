// For stages that look at what their upstream delivered, and leave it where it is.

extension Chunk {
  /// Hands `body` each element that was delivered since there were `start` of them.
  @inlinable @inline(__always)
  public func forEach(from start: Int, _ body: (Element) throws -> Void) rethrows {
    var place = head &+ start
    while place < tail {
      try body(base[place])
      place &+= 1
    }
  }
}
