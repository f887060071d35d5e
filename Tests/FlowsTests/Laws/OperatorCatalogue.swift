// The public operators, as the source files name them.
import Foundation

/// A public function or property of `Flow`, found in the file that declares it.
struct CatalogueEntry: CustomStringConvertible {
  let word: String
  /// The file without its ending.
  let file: String
  let name: String
  /// One of the declarations of this name has a marble in its comment.
  var hasMarble: Bool

  var description: String { "\(word)/\(file).swift: \(name)" }
}

extension House {
  /// All public operators of a word.
  func operators(of word: String) throws -> [CatalogueEntry] {
    var entries: [CatalogueEntry] = []
    for path in files(in: "Sources/Flows/\(word)", ending: ".swift") {
      let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
      let file = URL(filePath: path).deletingPathExtension().lastPathComponent
      for (name, comment) in Self.declarations(in: text) {
        let hasMarble = comment.contains(where: Self.isMarble)
        if let known = entries.firstIndex(where: { $0.name == name && $0.file == file }) {
          entries[known].hasMarble = entries[known].hasMarble || hasMarble
        } else {
          entries.append(CatalogueEntry(word: word, file: file, name: name, hasMarble: hasMarble))
        }
      }
    }
    return entries
  }

  /// The public functions and properties in extensions of `Flow`, and of the sequences that become flows, each with
  /// its comment.
  static func declarations(in text: String) -> [(name: String, comment: [Substring])] {
    var found: [(String, [Substring])] = []
    var isInFlow = false
    var comment: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let first = line.first, first != " ", first != "}" { isInFlow = line.prefixMatch(of: scope) != nil }
      if line.hasPrefix("  ///") {
        comment.append(line.dropFirst(5))
      } else if isInFlow, let match = line.firstMatch(of: declaration) {
        found.append((String(match.output.1), comment))
        comment = []
      } else if !line.hasPrefix("  @") {
        comment = []
      }
    }
    return found
  }

  nonisolated(unsafe) private static let scope =
    /extension (?:Flow|AsyncSequence|Sequence|RandomAccessCollection)[ <]/

  nonisolated(unsafe) private static let declaration =
    /^  (?:@[a-zA-Z_(), *]+ +)*(?:nonisolated\(nonsending\) +)?public +(?:static +)?(?:func|var) +`?([A-Za-z0-9]+)/

  /// A row of a diagram: indented, with a stretch of time or an end in its last word.
  static func isMarble(_ line: Substring) -> Bool {
    guard line.hasPrefix("     "), let last = line.split(separator: " ").last else { return false }
    return last.contains("--") || last.contains("-") && last.count > 1 || last.hasSuffix("|")
      || last.hasSuffix("|)")
      || last.hasSuffix("#")
  }
}
