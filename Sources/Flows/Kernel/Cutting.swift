// Texts that were cut anywhere, cut where they should be.

extension Flow where Element == String {
  /// Delivers the pieces between the separators. A piece that lies over several texts is put together; the last one
  /// is delivered at the end, when there is anything in it.
  ///
  /// - Parameters:
  ///   - keepsEmpty: a separator right behind another one has an empty piece before it.
  ///   - separator: the first separator in a text.
  ///   - trim: the piece as it is delivered.
  @usableFromInline
  func cut(
    keepsEmpty: Bool, at separator: @escaping @Sendable (Substring) -> Range<Substring.Index>?,
    trim: @escaping @Sendable (String) -> String = { $0 }
  ) -> Flow {
    Flow { context in
      var upstream = Upstream(self, in: context)
      let pieces = Held<String>(context)
      // What has come of a piece whose end has not.
      let begun = Held<String>(context)
      func finishPiece(isLast: Bool = false) {
        let piece = trim(begun.take(begun.count).joined())
        if !piece.isEmpty || keepsEmpty && !isLast { pieces.append(piece) }
      }
      var ending = Poll.pending
      return { room in
        pieces.drain(into: &room)
        if !pieces.isEmpty { return .more }
        if ending.isTerminal { return ending }
        let text = Chunk<String>.scratch(room.isFull ? 0 : 1) { input in
          ending = upstream.poll(&input)
          return input.next()
        }
        if let text {
          var rest = text[...]
          while let range = separator(rest) {
            if range.lowerBound > rest.startIndex { begun.append(String(rest[..<range.lowerBound])) }
            finishPiece()
            rest = rest[range.upperBound...]
          }
          if !rest.isEmpty { begun.append(String(rest)) }
        }
        switch ending {
        case .finished: finishPiece(isLast: true)
        case .failed: begun.discardAll(.ended)
        case .more, .pending: break
        }
        pieces.drain(into: &room)
        return pieces.isEmpty && (ending.isTerminal || !room.isFull) ? ending : .more
      }
    }
  }
}
