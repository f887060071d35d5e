// A text that grows.

extension Flow where Element == String {
  /// Delivers, for each piece of a text, the whole text so far.
  ///
  ///     source         -a-b-c-|
  ///     accumulated()  -x-y-z-|
  ///
  /// with a, ab and abc for x, y and z.
  ///
  /// **Demand.** One piece at a time, so that a consumer that keeps no text costs no copies: the text then grows in
  /// its place.
  @inlinable
  public func accumulated() -> Flow<String> {
    Flow { context in
      let upstream = start(in: context)
      let text = Cell("")
      return { room in
        Chunk<String>.scratch(Swift.min(1, room.room)) { input in
          let poll = upstream(&input)
          if let piece = input.next() {
            text.value += piece
            room.append(text.value)
          }
          return poll
        }
      }
    }
  }
}
