// What became of a request.
import Flows

/// What became of a request to a model, told at its end.
public struct AnswerReport: Sendable, Hashable {
  /// The provider's name of the answer.
  public var id: String?
  /// The model that answered.
  public var model: String?
  /// Why each of the answers side by side is complete; empty when none is.
  public var finishReasons: [FinishReason] = []
  /// What was used: the provider's figures, and estimates where it gave none. `nil` when nothing was.
  public var usage: Usage?
  /// The tokens read are estimated, from the request.
  public var isInputEstimated = false
  /// The tokens generated are estimated, from what had come: the provider gave no figure, or none for an answer that
  /// broke off.
  public var isOutputEstimated = false
  public var duration = Duration.zero
  /// How long the first piece of the answer took; `nil` when none came.
  public var timeToFirstChunk: Duration?
  /// From the first piece to the last.
  public var generation = Duration.zero
  /// Pieces of text, reasoning, refusal and arguments.
  public var chunks = 0
  /// The times between them, in seconds.
  public var timesPerChunk = MetricHistogram(bounds: MetricHistogram.chunkBounds)
  public var toolCalls = 0
  public var rounds = 0
  public var warnings = 0

  public init() {}

  /// How fast the answer came, from its first piece to its last; `nil` of an answer in one piece.
  public var tokensPerSecond: Double? {
    guard let tokens = usage?.allOutputTokens, tokens > 0, chunks > 1, generation > .zero else { return nil }
    return Double(tokens) / generation.seconds
  }
}

/// Looks at the events of an answer, and remembers what a report needs. Nothing is allocated for an event that is a
/// piece of text.
struct AnswerMeter {
  private var report = AnswerReport()
  private var start: FlowInstant
  private var first: FlowInstant?
  private var last: FlowInstant
  /// Of all that the model wrote.
  private var bytes = 0
  private(set) var isFinished = false

  init(at start: FlowInstant) {
    self.start = start
    last = start
  }

  /// A piece of the answer has come.
  var hasChunk: Bool { first != nil }

  mutating func begin(at instant: FlowInstant) {
    start = instant
    last = instant
  }

  @inline(__always)
  mutating func take(_ event: ChatEvent, at now: FlowInstant) {
    switch event {
    case .textDelta(let text, _), .reasoningDelta(let text, _), .refusalDelta(let text, _):
      take(bytes: text.utf8.count, at: now)
    case .toolArgumentsDelta(let text, _, _): take(bytes: text.utf8.count, at: now)
    default: takeOther(event)
    }
  }

  @inline(__always)
  private mutating func take(bytes count: Int, at now: FlowInstant) {
    bytes &+= count
    report.chunks &+= 1
    if first == nil {
      first = now
    } else {
      report.timesPerChunk.record(Double(now.nanoseconds &- last.nanoseconds) * 1e-9)
    }
    last = now
  }

  private mutating func takeOther(_ event: ChatEvent) {
    switch event {
    case .started(let started):
      report.id = started.id
      report.model = started.model
    case .roundStarted: report.rounds += 1
    case .toolCall: report.toolCalls += 1
    case .usage(let usage):
      if report.usage == nil { report.usage = usage } else { report.usage?.add(usage) }
    case .warning: report.warnings += 1
    case .finished(let finish):
      report.finishReasons = [finish.reason] + finish.others.sorted { $0.key < $1.key }.map(\.value)
      isFinished = true
    case .cancelled(let usage): if let usage { report.usage = usage }
    default: break
    }
  }

  /// The report, when the answer is over.
  ///
  /// - Parameters:
  ///   - error: what it failed with.
  ///   - request: what was asked, from which what was read is estimated.
  func report(at end: FlowInstant, after error: ProviderError?, to request: ChatRequest) -> AnswerReport {
    var report = report
    report.duration = start.duration(to: end)
    if let first {
      report.timeToFirstChunk = start.duration(to: first)
      report.generation = first.duration(to: last)
    }
    var usage = report.usage ?? error?.emitted.usage ?? Usage()
    // A request that was refused has cost nothing, unless its provider says so.
    if error != nil, bytes == 0, usage.isEmpty { return report }
    if usage.allInputTokens == nil {
      usage.inputTokens = TokenEstimate.tokens(in: request)
      report.isInputEstimated = true
    }
    let known = usage.allOutputTokens
    let estimate = TokenEstimate.tokens(bytes: bytes)
    // Of an answer that broke off a provider may have told how it began.
    if known == nil || !isFinished && estimate > known ?? 0 {
      usage.outputTokens = estimate
      usage.reasoning = .included
      report.isOutputEstimated = true
    }
    if report.isInputEstimated || report.isOutputEstimated { usage.totalTokens = nil }
    report.usage = usage.totalled
    return report
  }
}
