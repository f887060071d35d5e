// Lines out of texts.

extension Flow where Element == String {
  /// Delivers the lines of a text that comes in pieces, without their line ends.
  ///
  ///     source   -x--y--z-|
  ///     lines()  -a--b----(c|)
  ///
  /// with the texts `"a\nb"`, `"\n"` and `"c"` for x, y and z.
  ///
  /// A line ends with a line feed; a carriage return before it belongs to the line end. Empty lines are delivered.
  /// Where the text was cut makes no difference.
  ///
  /// **Demand.** Texts are asked for one at a time, when no line is left of the one before. The line that has begun
  /// is held. **Completion.** Delivers the last line, if anything is in it. **Failure.** Discards the line that has
  /// begun.
  public func lines() -> Flow<String> {
    cut(keepsEmpty: true) { text in
      text.utf8.firstIndex(of: 0x0A).map { $0..<text.utf8.index(after: $0) }
    } trim: { line in
      if line.utf8.last == 0x0D { String(line.unicodeScalars.dropLast()) } else { line }
    }
  }
}
