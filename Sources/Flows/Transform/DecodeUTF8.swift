// Bytes into text, wherever they were cut.

extension Flow where Element: Sequence, Element.Element == UInt8 {
  /// Delivers the text that the bytes stand for.
  ///
  ///     source        -x-y-z-|
  ///     decodeUTF8()  -a---b-|
  ///
  /// with the bytes of a for x, and those of b cut in the middle for y and z.
  ///
  /// A character that was cut waits for its other bytes. What is no UTF-8 becomes U+FFFD, the same wherever the bytes
  /// were cut, so nothing here fails.
  ///
  /// **Demand.** Bytes that complete no character are made up for by others. **Completion.** Delivers U+FFFD for a
  /// character that is not complete. **Failure.** Discards its bytes.
  @inlinable
  public func decodeUTF8() -> Flow<String> {
    Flow<String> { context in
      var upstream = Upstream(self, in: context)
      // At most three bytes of a character.
      let begun = Held<UInt8>(context)
      var ending = Poll.pending
      return { room in
        if !ending.isTerminal {
          ending = Chunk<Element>.scratch(room.room) { input in
            let poll = upstream.poll(&input)
            while let bytes = input.next() {
              var all = begun.take(begun.count)
              all.append(contentsOf: bytes)
              let complete = UTF8Tail.complete(all)
              for byte in all[complete...] { begun.append(byte) }
              if complete > 0 { room.append(String(decoding: all[..<complete], as: UTF8.self)) }
            }
            return poll
          }
        }
        guard case .finished = ending, !begun.isEmpty else { return ending }
        if room.isFull { return .more }
        room.append(String(decoding: begun.take(begun.count), as: UTF8.self))
        return .finished
      }
    }
  }
}

/// Where a text can be cut without cutting a character.
@usableFromInline
enum UTF8Tail {
  /// How many of the bytes stand before a last character that is not complete.
  @usableFromInline
  static func complete(_ bytes: [UInt8]) -> Int {
    for length in 1...3 where length <= bytes.count {
      let byte = bytes[bytes.count - length]
      if byte & 0b1100_0000 == 0b1000_0000 { continue }
      let needed = byte < 0xC2 || byte > 0xF4 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
      return needed > length ? bytes.count - length : bytes.count
    }
    return bytes.count
  }
}
