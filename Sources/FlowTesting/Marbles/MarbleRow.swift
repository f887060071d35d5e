// One row of a diagram, read.

/// What stands in a row: a name, and what happens at which frame.
struct MarbleRow {
  enum Mark: Equatable {
    case element(Character)
    case end
    case failure
    case subscribe
    case cancel
    case unlimited
  }

  /// The first word, without what stands in its brackets; `asked a` for the row about what was asked of `a`.
  let name: String
  /// The name as it is drawn, with its brackets.
  let label: String
  /// What happens, by frame, in order.
  private(set) var marks: [(frame: Int, mark: Mark)] = []
  /// The number of frames.
  private(set) var length = 0

  /// The frame of the first `mark`.
  func frame(of mark: Mark) -> Int? { marks.first { $0.mark == mark }?.frame }

  init(name: String, label: String) {
    self.name = name
    self.label = label
  }
}

/// A diagram that cannot be read.
public struct MarbleSyntax: Error, CustomStringConvertible {
  public let description: String
  init(_ text: String, in row: Substring) { description = "\(text), in the marble row: \(row)" }
  init(_ text: String) { description = text }
}

extension MarbleRow {
  /// Reads a line of a diagram.
  init(_ line: Substring) throws {
    var reader = Reader(rest: line.drop { $0 == " " }, line: line)
    var label = reader.word()
    label += try reader.brackets(of: label)
    self.init(name: String(label.prefix { $0 != "(" && $0 != "{" && $0 != " " }), label: label)
    if label == "asked" {
      reader.skipSpaces()
      let source = reader.word()
      self.init(name: "asked \(source)", label: "asked \(source)")
    }
    try read(&reader)
  }

  /// Reads the part of a row that is behind its name.
  private mutating func read(_ reader: inout Reader) throws {
    var groupStart: Int?
    var isWordStart = true
    while let character = reader.rest.first {
      if isWordStart, groupStart == nil, let frames = reader.stretch() {
        length += frames
        continue
      }
      reader.rest.removeFirst()
      isWordStart = character == " "
      if isWordStart { continue }
      let frame = groupStart ?? length
      switch character {
      case "-" where groupStart == nil: break
      case "(" where groupStart == nil: groupStart = length
      case ")" where groupStart != nil: groupStart = nil
      case "|": marks.append((frame, .end))
      case "#": marks.append((frame, .failure))
      case "^": marks.append((frame, .subscribe))
      case "!": marks.append((frame, .cancel))
      case "*": marks.append((frame, .unlimited))
      case _ where character.isLetter || character.isNumber: marks.append((frame, .element(character)))
      default: throw MarbleSyntax("'\(character)' means nothing here", in: reader.line)
      }
      length += 1
    }
    if groupStart != nil { throw MarbleSyntax("a group is not closed", in: reader.line) }
  }
}

private struct Reader {
  var rest: Substring
  let line: Substring

  mutating func skipSpaces() { rest = rest.drop { $0 == " " } }

  mutating func word() -> String {
    let word = rest.prefix { $0 != " " }
    rest = rest.dropFirst(word.count)
    return String(word)
  }

  /// What else belongs to a name whose brackets are open, or that a closure follows.
  mutating func brackets(of name: String) throws -> String {
    var depth = name.reduce(0) { $0 + Self.depth($1) }
    var text = ""
    if depth == 0, rest.drop(while: { $0 == " " }).first == "{" {
      text += rest.prefix { $0 != "{" } + "{"
      rest = rest.drop { $0 != "{" }.dropFirst()
      depth = 1
    }
    while depth > 0 {
      guard let character = rest.popFirst() else { throw MarbleSyntax("a bracket is not closed", in: line) }
      depth += Self.depth(character)
      text.append(character)
      if depth == 0, rest.drop(while: { $0 == " " }).first == "{" { text += try brackets(of: "") }
    }
    return text
  }

  private static func depth(_ character: Character) -> Int {
    switch character {
    case "(", "{", "[": 1
    case ")", "}", "]": -1
    default: 0
    }
  }

  /// A stretch of time: a number and a unit, a word of its own.
  mutating func stretch() -> Int? {
    let word = rest.prefix { $0 != " " }
    let digits = word.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int(digits), let unit = Self.units[String(word.dropFirst(digits.count))] else {
      return nil
    }
    rest = rest.dropFirst(word.count)
    return count * unit
  }

  private static let units = ["ms": 1, "s": 1000, "m": 60_000]
}
