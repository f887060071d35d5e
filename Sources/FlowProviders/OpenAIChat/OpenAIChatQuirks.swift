// What cannot be told from the bytes.

/// Where a dialect of OpenAI's chat protocol means something else by the same bytes.
struct OpenAIChatQuirks: Sendable, Hashable {
  var endMark = EndMark.expected
  var names = Names.whole

  /// Whether `[DONE]` closes a complete stream.
  enum EndMark { case expected, unusual }

  /// What a second, different name of one call means.
  enum Names {
    /// Nothing.
    case whole
    /// More of the name.
    case inPieces
  }
}
