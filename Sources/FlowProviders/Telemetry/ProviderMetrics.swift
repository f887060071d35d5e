// The figures of one provider and one model.

/// What has been counted of one operation with one model of one provider.
public struct ProviderMetrics: Sendable, Hashable, Codable {
  /// `chat` or `embeddings`.
  public let operation: String
  public let provider: String
  /// The model that was asked for.
  public let model: String
  /// Requests that have ended, in whatever way.
  public internal(set) var requests = 0
  /// Those that failed, by the kind of the failure.
  public internal(set) var errors: [String: Int] = [:]
  /// Those that nobody wanted to the end.
  public internal(set) var cancelled = 0
  /// Requests that have begun and not ended.
  public internal(set) var inFlight = 0
  /// In seconds.
  public internal(set) var duration = MetricHistogram(bounds: MetricHistogram.durationBounds)
  /// In seconds; of those that had a first piece.
  public internal(set) var timeToFirstChunk = MetricHistogram(bounds: MetricHistogram.firstChunkBounds)
  /// In seconds.
  public internal(set) var timePerChunk = MetricHistogram(bounds: MetricHistogram.chunkBounds)
  public internal(set) var tokensPerSecond = MetricHistogram(bounds: MetricHistogram.speedBounds)
  /// Tokens read by a request.
  public internal(set) var inputTokens = MetricHistogram(bounds: MetricHistogram.tokenBounds)
  /// Tokens generated for a request.
  public internal(set) var outputTokens = MetricHistogram(bounds: MetricHistogram.tokenBounds)
  public internal(set) var cachedInputTokens = 0
  public internal(set) var reasoningTokens = 0
  /// How many of the tokens above are estimated.
  public internal(set) var estimatedInputTokens = 0
  public internal(set) var estimatedOutputTokens = 0

  init(operation: String, provider: String, model: String) {
    self.operation = operation
    self.provider = provider
    self.model = model
  }

  public var failures: Int { errors.values.reduce(0, +) }

  /// Counts a request that has ended.
  mutating func add(_ outcome: TelemetryOutcome, seconds: Double) {
    requests += 1
    duration.record(seconds)
    switch outcome.status {
    case .ok: break
    case .cancelled: cancelled += 1
    case .failed(let kind): errors[kind.telemetryName, default: 0] += 1
    }
    guard let answer = outcome.answer else { return }
    if let first = answer.timeToFirstChunk { timeToFirstChunk.record(first.seconds) }
    timePerChunk.add(answer.timesPerChunk)
    if let speed = answer.tokensPerSecond { tokensPerSecond.record(speed) }
    guard let usage = answer.usage else { return }
    if let input = usage.allInputTokens {
      inputTokens.record(Double(input))
      if answer.isInputEstimated { estimatedInputTokens.count(input) }
    }
    if let output = usage.allOutputTokens {
      outputTokens.record(Double(output))
      if answer.isOutputEstimated { estimatedOutputTokens.count(output) }
    }
    cachedInputTokens.count(usage.cachedInputTokens ?? 0)
    reasoningTokens.count(usage.reasoningTokens ?? 0)
  }
}

extension Int {
  /// Adds; a provider's nonsense must not trap.
  fileprivate mutating func count(_ more: Int) {
    let (sum, overflow) = addingReportingOverflow(more)
    self = overflow ? .max : sum
  }
}
