// A small model of language: what follows what in a text.

/// An n-gram model with back-off. It remembers a text as a row of tokens and where each token stands in it. To go on, it
/// looks up every place that ends like what was said so far, and weighs what follows there: the longer the
/// likeness, the heavier.
///
/// The text is made of pieces, one a paragraph. A piece that begins with a question (`Q:`, then `A:`) is an answer to
/// it. `{}` stands for what the prompt is about.
struct NGram: Sendable {
  typealias Token = Int32

  /// What comes before a piece begins, and behind its end.
  static let border: Token = 0
  /// Stands for what the prompt is about.
  static let topic: Token = 1
  /// The most tokens that are compared.
  static let order = 3

  private(set) var vocabulary = ["", "{}"]
  private var numbers: [String: Token] = ["": 0, "{}": 1]
  private(set) var text: [Token] = [border]
  /// Where each token stands.
  private(set) var places: [[Int32]] = [[0], []]
  /// The piece that each token of the text belongs to.
  private var piece: [Int32] = [0]
  private(set) var pieces: [Piece] = []
  /// In how many pieces a word occurs, as a subject.
  private var rarity: [String: Int] = [:]

  struct Piece: Sendable {
    /// Where its answer begins.
    var start: Int
    /// The words that it is about, in lower case.
    var words: Set<String>
    /// The words of the question that it answers; empty for prose.
    var question: Set<String>
    /// It can speak of anything.
    var isGeneral: Bool
  }

  init(_ text: String) {
    for paragraph in Self.paragraphs(of: text) { add(paragraph) }
  }

  private mutating func add(_ paragraph: Substring) {
    var answer = paragraph
    var question: Set<String> = []
    if paragraph.hasPrefix("Q: ") {
      let lines = paragraph.split(separator: "\n", maxSplits: 1)
      question = Self.features(of: lines[0].dropFirst(3))
      answer = lines.count > 1 ? lines[1].dropFirst(3) : ""
    }
    let words = Self.words(of: answer).union(question)
    for word in words { rarity[word, default: 0] += 1 }
    let isGeneral = answer.contains("{}")
    pieces.append(Piece(start: self.text.count, words: words, question: question, isGeneral: isGeneral))
    for token in Self.tokens(of: answer) { append(number(of: token)) }
    append(Self.border)
  }

  private mutating func append(_ token: Token) {
    places[Int(token)].append(Int32(text.count))
    text.append(token)
    piece.append(Int32(pieces.count - 1))
  }

  private mutating func number(of token: String) -> Token {
    if let number = numbers[token] { return number }
    let number = Token(vocabulary.count)
    vocabulary.append(token)
    numbers[token] = number
    places.append([])
    return number
  }

  // MARK: Reading a prompt

  /// How much each piece has to do with `prompt`: 1 for nothing at all.
  func relevance(to prompt: String) -> [Double] {
    let asked = Self.features(of: prompt[...])
    // Two words that stand together in many pieces say nothing.
    let isKnown = asked.contains { (1...($0.contains(" ") ? 3 : .max)).contains(rarity[$0] ?? 0) }
    return pieces.map { piece in
      var sum = piece.isGeneral && !isKnown ? 20.0 : 1
      for word in asked where piece.words.contains(word) {
        let weight = 12.0 / Double(rarity[word] ?? 1)
        sum += piece.question.contains(word) ? 3 * weight : weight
      }
      // Of two questions that share words with the prompt, the one that it has more of.
      let foreign = piece.question.subtracting(asked).count
      return piece.question.isEmpty ? sum : sum / (1 + 0.1 * Double(foreign))
    }
  }

  /// The word that says most about what `prompt` is about, as it is written there.
  func subject(of prompt: String) -> String {
    let candidates = Self.split(prompt[...]).filter { Self.isWord($0) && !Self.isCommon($0.lowercased()) }
    let known = candidates.min {
      (rarity[$0.lowercased()] ?? 0, -$0.count) < (rarity[$1.lowercased()] ?? 0, -$1.count)
    }
    return known.map { String($0) } ?? "that"
  }

  /// Where an answer to a prompt may begin, the best first by weight.
  func beginnings(_ relevance: [Double]) -> [(token: Token, weight: Double)] {
    pieces.indices.map { index in
      let worth = relevance[index]
      // Only what fits best has a chance; questions are answered by answers.
      return (text[pieces[index].start], worth * worth * (pieces[index].question.isEmpty ? 0.2 : 1))
    }
  }

  // MARK: Going on

  /// What may follow `said`, with how much speaks for each.
  func successors(of said: [Token], _ relevance: [Double]) -> [Token: Double] {
    var found: [Token: Double] = [:]
    guard let last = said.last else { return found }
    for place in places[Int(last)] {
      let place = Int(place)
      guard place + 1 < text.count, place > 0 || last == Self.border else { continue }
      var length = 1
      while length < Self.order, length < said.count, place - length >= 0,
        text[place - length] == said[said.count - 1 - length]
      { length += 1 }
      found[text[place + 1], default: 0] += Self.worth[length] * relevance[Int(piece[place])]
    }
    return found
  }

  /// How much a likeness of so many tokens counts.
  private static let worth: [Double] = [0, 1, 12, 144]

  // MARK: Words

  /// The number of tokens in `text`.
  func count(_ text: String) -> Int { Self.split(text[...]).count }

  private static func paragraphs(of text: String) -> [Substring] {
    var paragraphs: [Substring] = []
    var lines: [Substring] = []
    func close() {
      guard let first = lines.first, let last = lines.last else { return }
      paragraphs.append(text[first.startIndex..<last.endIndex])
      lines = []
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty { close() } else { lines.append(line) }
    }
    close()
    return paragraphs
  }

  /// Words and marks, each with the blank before it where there is one. A line end is a blank.
  private static func tokens(of text: Substring) -> [String] {
    var tokens: [String] = []
    var end = text.startIndex
    for token in split(text) {
      tokens.append(token.startIndex > end ? " " + token : String(token))
      end = token.endIndex
    }
    return tokens
  }

  /// Words and marks.
  private static func split(_ text: Substring) -> [Substring] {
    var parts: [Substring] = []
    let bytes = text.utf8
    var start: Substring.Index?
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      let isInWord = isWordByte(byte)
      if let begin = start, !isInWord {
        parts.append(text[begin..<index])
        start = nil
      }
      let next = bytes.index(after: index)
      if isInWord {
        if start == nil { start = index }
      } else if byte == UInt8(ascii: "{") {
        let end = bytes.index(next, offsetBy: 1, limitedBy: bytes.endIndex) ?? bytes.endIndex
        parts.append(text[index..<end])
        index = end
        continue
      } else if byte > 0x20 {
        parts.append(text[index..<next])
      }
      index = next
    }
    if let begin = start { parts.append(text[begin...]) }
    return parts
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "'"), UInt8(ascii: "-"), 0x80...: true
    default: false
    }
  }

  private static func isWord(_ text: Substring) -> Bool { text.utf8.first.map(isWordByte) ?? false }

  /// The words that a text is about.
  private static func words(of text: Substring) -> Set<String> {
    Set(split(text).filter(isWord).map { $0.lowercased() }.filter { !isCommon($0) })
  }

  /// The words that a question is about, and each two that stand together in it: those of `who are you` say nothing
  /// alone.
  private static func features(of text: Substring) -> Set<String> {
    let all = split(text).map { $0.lowercased() }
    var features = Set(all.filter { isWord($0[...]) && !isCommon($0) })
    for (first, second) in zip(all, all.dropFirst()) where isWord(first[...]) && isWord(second[...]) {
      features.insert(first + " " + second)
    }
    return features
  }

  /// Says nothing about what a text is about.
  private static func isCommon(_ word: String) -> Bool { common.contains(word) }

  private static let common: Set<String> = Set(
    """
    a about all also an and any are as at be been but by can could did do does for from get give go had has have he \
    her his how i if in into is it its just let like make may me more most much must my no not of on one only or \
    our out please say she should so some such tell than that the their them then there these they this those to \
    too up us was we were what when where which while who why will with would you your explain describe write \
    short long few words sentence
    """.split(separator: " ").map { String($0) })
}
