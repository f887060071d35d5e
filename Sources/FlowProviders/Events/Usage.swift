// What an answer cost.

/// How many tokens were read and generated. Each figure is the provider's own; `nil` when it gave none.
public struct Usage: Sendable, Hashable {
  /// Tokens read. Whether those from a cache are among them is told by ``cache``.
  public var inputTokens: Int?
  /// Tokens generated. Whether those of the reasoning are among them is told by ``reasoning``.
  public var outputTokens: Int?
  public var reasoningTokens: Int?
  /// Tokens read from the provider's cache.
  public var cachedInputTokens: Int?
  /// Tokens put into the provider's cache.
  public var cacheWriteTokens: Int?
  /// The provider's total, or the sum of ``allInputTokens`` and ``allOutputTokens``.
  public var totalTokens: Int?

  public var reasoning: Counting = .included
  public var cache: Counting = .included
  /// Where the time went, when the provider tells.
  public var timing: Timing?

  /// Whether a part is counted in the whole.
  public enum Counting: String, Sendable, Hashable {
    case included, separate
  }

  public struct Timing: Sendable, Hashable {
    /// Loading the model.
    public var load: Duration?
    /// Reading the prompt.
    public var prompt: Duration?
    public var generation: Duration?
    public var firstToken: Duration?

    public init() {}
  }

  public init(inputTokens: Int? = nil, outputTokens: Int? = nil, totalTokens: Int? = nil) {
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
    self.totalTokens = totalTokens
  }

  /// Everything read, caches included: comparable between providers.
  public var allInputTokens: Int? {
    guard cache == .separate else { return inputTokens }
    return Usage.sum([inputTokens, cachedInputTokens, cacheWriteTokens])
  }

  /// Everything generated, reasoning included: comparable between providers.
  public var allOutputTokens: Int? {
    reasoning == .separate ? Usage.sum([outputTokens, reasoningTokens]) : outputTokens
  }

  public var isEmpty: Bool { self == Usage() }

  /// Takes over every figure that `newer` has: providers report running totals, of which the last counts.
  public mutating func merge(_ newer: Usage) {
    inputTokens = newer.inputTokens ?? inputTokens
    outputTokens = newer.outputTokens ?? outputTokens
    reasoningTokens = newer.reasoningTokens ?? reasoningTokens
    cachedInputTokens = newer.cachedInputTokens ?? cachedInputTokens
    cacheWriteTokens = newer.cacheWriteTokens ?? cacheWriteTokens
    totalTokens = newer.totalTokens ?? totalTokens
    if newer.reasoning == .separate { reasoning = .separate }
    if newer.cache == .separate { cache = .separate }
    if let theirs = newer.timing {
      var mine = timing ?? Timing()
      mine.load = theirs.load ?? mine.load
      mine.prompt = theirs.prompt ?? mine.prompt
      mine.generation = theirs.generation ?? mine.generation
      mine.firstToken = theirs.firstToken ?? mine.firstToken
      timing = mine
    }
  }

  /// Adds the figures of another answer.
  public mutating func add(_ other: Usage) {
    inputTokens = Usage.sum([inputTokens, other.inputTokens])
    outputTokens = Usage.sum([outputTokens, other.outputTokens])
    reasoningTokens = Usage.sum([reasoningTokens, other.reasoningTokens])
    cachedInputTokens = Usage.sum([cachedInputTokens, other.cachedInputTokens])
    cacheWriteTokens = Usage.sum([cacheWriteTokens, other.cacheWriteTokens])
    totalTokens = Usage.sum([totalTokens, other.totalTokens])
    if other.reasoning == .separate { reasoning = .separate }
    if other.cache == .separate { cache = .separate }
  }

  /// With the total, when parts of it are known and the whole is not.
  var totalled: Usage {
    guard totalTokens == nil else { return self }
    var copy = self
    copy.totalTokens = Usage.sum([allInputTokens, allOutputTokens])
    return copy
  }

  private static func sum(_ figures: [Int?]) -> Int? {
    figures.reduce(nil) { sum, figure in
      guard let figure else { return sum }
      // A provider's nonsense must not trap.
      let (total, overflow) = (sum ?? 0).addingReportingOverflow(figure)
      return overflow ? .max : total
    }
  }
}
