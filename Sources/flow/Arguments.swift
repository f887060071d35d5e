// The words after a command.

/// The arguments of a command. A command takes out what it knows; what is left over is a mistake.
struct Arguments {
  private var words: [String]
  /// What stands after `--`: no options, whatever they look like.
  private var plain: [String] = []

  init(_ words: [String]) {
    let end = words.firstIndex(of: "--") ?? words.endIndex
    self.words = Array(words[..<end])
    plain = Array(words[end...].dropFirst())
  }

  /// Takes out `--name VALUE` or `--name=VALUE`; of several, the last counts.
  mutating func value(_ name: String) throws -> String? {
    var found: String?
    while let index = words.firstIndex(where: { $0 == name || $0.hasPrefix(name + "=") }) {
      let word = words.remove(at: index)
      if word != name {
        found = String(word.dropFirst(name.count + 1))
      } else {
        guard index < words.count else { throw Misuse("\(name) wants a value") }
        found = words.remove(at: index)
      }
    }
    return found
  }

  /// Takes out `--name NUMBER`.
  mutating func number(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let text = try value(name) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw Misuse("\(name) wants a number from \(range.lowerBound) to \(range.upperBound), not \(text)")
    }
    return number
  }

  /// Takes out `--name NUMBER`, with a fraction.
  mutating func decimal(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
    guard let text = try value(name) else { return nil }
    guard let number = Double(text), range.contains(number) else {
      throw Misuse("\(name) wants a number from \(range.lowerBound) to \(range.upperBound), not \(text)")
    }
    return number
  }

  /// Takes out `--name CHOICE`.
  mutating func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ name: String, of type: Choice.Type = Choice.self
  ) throws -> Choice? {
    guard let text = try value(name) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw Misuse("\(name) wants one of \(all), not \(text)")
    }
    return choice
  }

  /// Takes out `--name`.
  mutating func flag(_ name: String) -> Bool {
    let count = words.count
    words.removeAll { $0 == name }
    return words.count < count
  }

  /// Takes out every word that is no option. To be called last: what follows an option may be its value.
  mutating func rest() -> [String] {
    let rest = words.filter { !$0.hasPrefix("-") || $0 == "-" } + plain
    words.removeAll { !$0.hasPrefix("-") || $0 == "-" }
    plain = []
    return rest
  }

  func finish() throws {
    if let word = (words + plain).first { throw Misuse("\(word) is not understood") }
  }
}

/// The command was not called as it wants to be.
struct Misuse: Error {
  let message: String

  init(_ message: String) { self.message = message }
}
