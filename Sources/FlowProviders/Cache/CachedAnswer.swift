// An answer that can be given again.
import Flows

/// A complete answer: its events, and when each came.
struct CachedAnswer: Sendable, Equatable {
  /// Without those that were true only then: signs of life, limits, progress.
  let events: [ChatEvent]
  /// When each came, counted from the request.
  let offsets: [Duration]
  /// About how many bytes of memory it takes.
  let weight: Int
  /// All tokens that were paid for it.
  let tokens: Int

  init(events: [ChatEvent], offsets: [Duration]) {
    self.events = events
    self.offsets = offsets
    var (weight, tokens) = (0, 0)
    for event in events {
      weight += event.weight
      if case .usage(let usage) = event { tokens &+= usage.totalled.totalTokens ?? 0 }
    }
    self.weight = weight
    self.tokens = tokens
  }

  /// What came of a request, if it may be kept.
  ///
  /// - Throws: ``CacheRefusal``.
  init(of record: Flight.Record, accepting reasons: Set<FinishReason>) throws(CacheRefusal) {
    var grammar = ChatGrammar()
    var isStarted = false
    var areLasting = true
    var end: Finish?
    for event in record.events {
      guard case .right = grammar.judge(event) else { throw .disordered }
      grammar.take(event)
      switch event {
      case .started: isStarted = true
      case .toolCall(let call, _) where call.problem != nil: throw .unusableCall
      case .hostedToolCall(let call) where call.problem != nil: throw .unusableCall
      case .finished(let finish): end = finish
      default: if !event.isLasting { areLasting = false }
      }
    }
    guard isStarted, let end else { throw .incomplete }
    for reason in [end.reason] + end.others.values where !reasons.contains(reason) { throw .finish(reason) }
    if areLasting {
      self.init(events: record.events, offsets: record.offsets)
    } else {
      let places = record.events.indices.filter { record.events[$0].isLasting }
      self.init(events: places.map { record.events[$0] }, offsets: places.map { record.offsets[$0] })
    }
  }
}

/// Why an answer was not kept.
public enum CacheRefusal: Error, Sendable, Hashable {
  /// It broke off, or never began.
  case incomplete
  /// It ended for a reason that is not accepted.
  case finish(FinishReason)
  /// Its events do not keep the grammar.
  case disordered
  /// It has a call whose arguments cannot be used.
  case unusableCall
  /// It is larger than an entry may be.
  case tooLarge
}

extension ChatEvent {
  /// It is as true when the answer is given again.
  fileprivate var isLasting: Bool {
    switch self {
    case .heartbeat, .rateLimits, .modelLoad, .promptProgress: false
    default: true
    }
  }

  /// About how many bytes of memory it takes.
  var weight: Int {
    let room = 48
    switch self {
    case .textDelta(let text, _), .reasoningDelta(let text, _), .refusalDelta(let text, _),
      .reasoningSignature(let text, _), .toolArgumentsDelta(let text, _, _):
      return room + text.utf8.count
    case .toolCall(let call, _), .hostedToolCall(let call):
      return room + call.arguments.utf8.count + call.name.utf8.count + (call.signature?.utf8.count ?? 0)
    case .hostedToolResult(let result): return room + result.content.utf8.count
    case .file(let file): return room + (file.base64?.utf8.count ?? 0) + (file.url?.utf8.count ?? 0)
    case .raw(let raw): return room + raw.json.utf8.count
    case .source(let source): return room + (source.quote?.utf8.count ?? 0) + (source.url?.utf8.count ?? 0)
    default: return room
    }
  }
}
