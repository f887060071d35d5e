// What somebody probably meant.

enum Spelling {
  /// The word among `words` that `word` is most likely meant to be; `nil` when none is near.
  static func nearest(_ word: String, among words: some Sequence<String>) -> String? {
    let bare = letters(word)
    guard !bare.isEmpty, bare.count <= 64 else { return nil }
    let patience = max(1, bare.count / 3)
    let near = words.map { ($0, distance(bare, letters($0), upTo: patience)) }.filter { $0.1 <= patience }
    return near.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
  }

  /// Case, dashes and underscores are what people mix up most.
  private static func letters(_ word: String) -> [Character] {
    word.lowercased().filter { $0 != "-" && $0 != "_" }.map(\.self)
  }

  /// How many letters must be put in, left out, replaced or exchanged with their neighbour; more than `limit` when it is
  /// more than that.
  private static func distance(_ a: [Character], _ b: [Character], upTo limit: Int) -> Int {
    if abs(a.count - b.count) > limit { return limit + 1 }
    var before: [Int] = []
    var last = Array(0...b.count)
    for (row, letter) in a.enumerated() {
      var next = [row + 1]
      for (column, other) in b.enumerated() {
        var best = min(last[column] + (letter == other ? 0 : 1), last[column + 1] + 1, next[column] + 1)
        if row > 0, column > 0, letter == b[column - 1], a[row - 1] == other {
          best = min(best, before[column - 1] + 1)
        }
        next.append(best)
      }
      (before, last) = (last, next)
    }
    return last[b.count]
  }
}
