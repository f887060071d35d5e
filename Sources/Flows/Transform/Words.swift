// Words out of texts.

extension Flow where Element == String {
  /// Delivers the words of a text that comes in pieces: what stands between white space.
  ///
  ///     source   -x--y--z-|
  ///     words()  ----a--b-(c|)
  ///
  /// with the texts `"a"`, `" b"` and `" c"` for x, y and z.
  ///
  /// Where the text was cut makes no difference.
  ///
  /// **Demand.** Texts are asked for one at a time, when no word is left of the one before. The word that has begun
  /// is held. **Completion.** Delivers the last word. **Failure.** Discards the word that has begun.
  public func words() -> Flow<String> {
    cut(keepsEmpty: false) { text in
      text.unicodeScalars.firstIndex(where: \.properties.isWhitespace).map {
        $0..<text.unicodeScalars.index(after: $0)
      }
    }
  }
}
