// What tokens cost.

/// What a million tokens of a model cost.
public struct TokenPrice: Sendable, Hashable {
  public var input: Money
  public var output: Money
  /// Tokens read from the provider's cache; those cost as much as others when it is left out.
  public var cachedInput: Money?
  /// Tokens put into the provider's cache.
  public var cacheWrite: Money?
  /// Tokens that were thought; those cost as much as others that are generated.
  public var reasoning: Money?

  public init(
    input: Money, output: Money, cachedInput: Money? = nil, cacheWrite: Money? = nil, reasoning: Money? = nil
  ) {
    self.input = input
    self.output = output
    self.cachedInput = cachedInput
    self.cacheWrite = cacheWrite
    self.reasoning = reasoning
  }

  /// In dollars for a million tokens.
  public init(
    input: Double, output: Double, cachedInput: Double? = nil, cacheWrite: Double? = nil,
    reasoning: Double? = nil
  ) {
    self.init(
      input: Money(dollars: input), output: Money(dollars: output),
      cachedInput: cachedInput.map { Money(dollars: $0) }, cacheWrite: cacheWrite.map { Money(dollars: $0) },
      reasoning: reasoning.map { Money(dollars: $0) })
  }

  public static let free = TokenPrice(input: Money.zero, output: .zero)

  /// What an answer has cost. Figures that are missing cost nothing; each part is rounded up to a billionth of a dollar.
  public func cost(of usage: Usage) -> Money {
    let cached = max(0, usage.cachedInputTokens ?? 0)
    let written = max(0, usage.cacheWriteTokens ?? 0)
    let input = usage.inputTokens ?? 0
    let fresh =
      usage.cache == .included ? input - min(input, cached) - min(max(0, input - cached), written) : input
    let thought = max(0, usage.reasoningTokens ?? 0)
    let output = usage.outputTokens ?? 0
    let said = usage.reasoning == .included ? output - min(output, thought) : output
    return TokenPrice.cost(fresh, self.input) + TokenPrice.cost(cached, cachedInput ?? self.input)
      + TokenPrice.cost(written, cacheWrite ?? self.input) + TokenPrice.cost(said, self.output)
      + TokenPrice.cost(thought, reasoning ?? self.output)
  }

  /// What an answer would cost.
  public func cost(input: Int, output: Int) -> Money {
    TokenPrice.cost(input, self.input) + TokenPrice.cost(output, self.output)
  }

  /// How many tokens can be generated for `amount`; `.max` when they are free.
  func outputTokens(for amount: Money) -> Int {
    let dearest = max(output, reasoning ?? output)
    guard dearest > .zero else { return .max }
    if amount <= .zero { return 0 }
    let (high, low) = amount.nanos.multipliedFullWidth(by: 1_000_000)
    return high >= dearest.nanos ? .max : dearest.nanos.dividingFullWidth((high, low)).quotient
  }

  private static func cost(_ tokens: Int, _ perMillion: Money) -> Money {
    guard tokens > 0, perMillion > .zero else { return .zero }
    let (high, low) = tokens.multipliedFullWidth(by: perMillion.nanos)
    if high >= 1_000_000 { return Money(nanos: .max) }
    let (quotient, rest) = 1_000_000.dividingFullWidth((high, low))
    return Money(nanos: rest > 0 && quotient < .max ? quotient + 1 : quotient)
  }
}

/// What the tokens of many models cost.
///
/// ```swift
/// let prices = try PriceTable(json: #"{"openai/gpt-4o": {"input": 2.5, "output": 10}, "ollama/*": {}}"#)
/// let price = prices["openai", "gpt-4o"]
/// ```
///
/// There are no prices in this library: they change more often than it does.
public struct PriceTable: Sendable, Hashable {
  /// By `provider/model`, or `model` for whoever has it. A star at the end stands for any end.
  public var prices: [String: TokenPrice]

  public init(_ prices: [String: TokenPrice] = [:]) { self.prices = prices }

  /// Reads a table: names, and dollars for a million tokens (`input`, `output`, `cachedInput`, `cacheWrite`, `reasoning`).
  ///
  /// - Throws: ``JSONError``; ``ProviderError`` when a price is none.
  public init(json text: String) throws {
    guard let table = try JSONValue(parsing: text).object else {
      throw ProviderError(.invalidRequest, "a table of prices is a JSON object")
    }
    prices = [:]
    for (name, value) in table {
      func dollars(_ field: String) throws -> Double? {
        guard let number = value[field], !number.isNull else { return nil }
        guard let dollars = number.double, dollars >= 0, dollars.isFinite else {
          throw ProviderError(.invalidRequest, "the price \(name).\(field) is no amount: \(number)")
        }
        return dollars
      }
      guard value.object != nil else {
        throw ProviderError(.invalidRequest, "the price \(name) is no object with input and output")
      }
      prices[name] = TokenPrice(
        input: try dollars("input") ?? 0, output: try dollars("output") ?? 0,
        cachedInput: try dollars("cachedInput"), cacheWrite: try dollars("cacheWrite"),
        reasoning: try dollars("reasoning"))
    }
  }

  /// The price of a model. What names more counts: the provider and the model, the model, then the longest beginning.
  public subscript(provider: String, model: String) -> TokenPrice? {
    let names = ["\(provider)/\(model)", model]
    if let exact = names.lazy.compactMap({ prices[$0] }).first { return exact }
    for name in names {
      let beginnings = prices.keys.filter { $0.hasSuffix("*") && name.hasPrefix($0.dropLast()) }
      if let longest = beginnings.max(by: { $0.count < $1.count }) { return prices[longest] }
    }
    return nil
  }
}
