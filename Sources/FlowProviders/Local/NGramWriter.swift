// Writes an answer with an n-gram model, one token after another.

/// An answer that is being written. A value: the same request and the same seed make the same answer.
struct NGramWriter {
  private let model: NGram
  private let relevance: [Double]
  private let subject: String
  private let temperature: Double
  private var random: SplitMix
  private var said: [NGram.Token] = [NGram.border]
  /// How often each three tokens were said in a row.
  private var threes: [[NGram.Token]: Int] = [:]
  private var isStarted = false

  init(_ model: NGram, prompt: String, temperature: Double, seed: UInt64) {
    self.model = model
    // Squared, so that an answer keeps to its subject.
    relevance = model.relevance(to: prompt).map { $0 * $0 }
    subject = model.subject(of: prompt)
    self.temperature = temperature
    random = SplitMix(state: seed)
  }

  /// The next token; `nil` when all is said.
  mutating func next() -> String? {
    let choices = isStarted ? successors : model.beginnings(relevance).map { ($0.token, $0.weight) }
    guard let token = choose(choices), token != NGram.border else { return nil }
    said.append(token)
    threes[Array(said.suffix(3)), default: 0] += 1
    let text = spelled(token)
    defer { isStarted = true }
    return isStarted ? text : String(text.drop { $0 == " " })
  }

  /// What may come next, in a fixed order. What was said before may be said again, but not for ever.
  private var successors: [(NGram.Token, Double)] {
    model.successors(of: said, relevance).sorted { $0.key < $1.key }.map { token, weight in
      (token, weight * Power.of(0.03, Double(threes[said.suffix(2) + [token]] ?? 0)))
    }
  }

  private func spelled(_ token: NGram.Token) -> String {
    let word = model.vocabulary[Int(token)]
    return word.hasSuffix("{}") ? word.dropLast(2) + subject : word
  }

  /// One of the choices: at a temperature of zero the heaviest, at a high one nearly any.
  private mutating func choose(_ choices: [(NGram.Token, Double)]) -> NGram.Token? {
    guard let heaviest = choices.max(by: { $0.1 < $1.1 }) else { return nil }
    if temperature <= 0 { return heaviest.0 }
    let weights = choices.map { Power.of($0.1 / heaviest.1, 1 / temperature) }
    var point = random.unit() * weights.reduce(0, +)
    for (choice, weight) in zip(choices, weights) {
      point -= weight
      if point < 0 { return choice.0 }
    }
    return heaviest.0
  }
}

/// A generator of random numbers that gives the same numbers for the same seed.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// From 0 up to 1.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}

/// Powers without a mathematical library: the same on every machine.
enum Power {
  /// `base` to the power of `exponent`, for a base from 0 to 1 and an exponent that is not negative.
  static func of(_ base: Double, _ exponent: Double) -> Double {
    if base <= 0 { return 0 }
    return exp2(exponent * log2(base))
  }

  private static func log2(_ x: Double) -> Double {
    let exponent = Double(x.exponent)
    // atanh series around the middle of 1...2.
    let m = x.significand / 1.4142135623730951
    let t = (m - 1) / (m + 1)
    let square = t * t
    var sum = 0.0
    var power = t
    for n in stride(from: 1.0, through: 17, by: 2) {
      sum += power / n
      power *= square
    }
    return exponent + 0.5 + 2 * sum * 1.4426950408889634
  }

  private static func exp2(_ x: Double) -> Double {
    if x < -1000 { return 0 }
    let whole = x.rounded(.down)
    let rest = (x - whole) * 0.6931471805599453
    var sum = 1.0
    var term = 1.0
    for n in 1...16 {
      term *= rest / Double(n)
      sum += term
    }
    return Double(sign: .plus, exponent: Int(whole), significand: sum)
  }
}
