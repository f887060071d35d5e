// One answer on its way: parts of a response in, events out.
import FlowHTTP
import Flows

/// The memory of one run of `HTTPProvider.stream`. One object, which only the driver of the run touches.
final class WireAnswer {
  /// The most bytes that are kept of a response that is no answer.
  private static let longestRefusal = 64 << 10
  /// How long the rest of such a response is waited for.
  private static let refusalPatience = Duration.seconds(10)
  /// How long, and for how many bytes, the end of a response is waited for whose answer is complete, so that its
  /// connection can be used again.
  private static let parting = Duration.milliseconds(100)
  private static let longestRest = 64 << 10

  private enum State {
    case idle
    /// The answer has not ended.
    case answering
    /// The response is not an answer: why, its body will tell.
    case refused([UInt8])
    /// The answer is complete but for this event; the response is not.
    case parting(ChatEvent, bytes: Int)
    case ended(Poll)
  }

  private let context: FlowContext
  private let limits: ProviderLimits
  private let request: HTTPRequest
  private let exchange: Flow<HTTPPart>
  private var upstream: Upstream<HTTPPart>
  private var decoder: ChatDecoder
  private var clock: WaitClock
  private var state = State.idle
  private var head: HTTPHead?
  private var hasToken = false
  private var isFinishing = false
  /// Events that were made here, beside those of the decoder.
  private var asides = 0

  /// Made and not delivered yet: those from `next` on.
  private var events: [ChatEvent] = []
  private var next = 0

  init(_ request: ChatRequest, from provider: HTTPProvider, in context: FlowContext) {
    self.context = context
    limits = provider.limits
    self.request = HTTPRequest(provider.format.request(for: request), limits: limits.http)
    exchange = provider.transport.exchange(self.request)
    upstream = Upstream(context)
    decoder = provider.format.decoder(tolerance: provider.tolerance)
    clock = WaitClock(context, total: limits.total)
  }

  deinit { for event in events[next...] { context.discard(event) } }

  func poll(_ room: inout Chunk<ChatEvent>) -> Poll {
    let isProgress = room.isFull
    if case .idle = state {
      if isProgress { return .more }
      begin()
    }
    while !context.scope.isEnded {
      let isNew = deliver(into: &room)
      if next < events.count {
        clock.rest()
        return .more
      }
      if case .ended(let end) = state { return end }
      if isNew || room.isFull, !isProgress {
        // Nobody waits before the consumer is done with what it gets.
        clock.rest()
        return .more
      }
      switch ask(isProgress ? 0 : 1) {
      case .pending where next == events.count:
        if case .ended = state { continue }
        if isProgress && !hasOwnHurry { clock.rest() } else { wait() }
        if next == events.count, !isEnded { return .pending }
      case .more where isProgress && next == events.count && !isEnded: return .more
      default: break
      }
    }
    return .pending
  }

  private var isEnded: Bool { if case .ended = state { true } else { false } }

  /// The clock runs whether anybody asks for more or not.
  private var hasOwnHurry: Bool {
    switch state {
    case .refused, .parting: true
    default: false
    }
  }

  /// Moves events into the room. False when there was nothing to move.
  private func deliver(into room: inout Chunk<ChatEvent>) -> Bool {
    guard next < events.count, !room.isFull else { return false }
    while next < events.count, !room.isFull {
      room.append(events[next])
      next += 1
    }
    if next == events.count {
      events.removeAll(keepingCapacity: true)
      next = 0
    }
    return true
  }

  private func begin() {
    state = .answering
    if let mistake = limits.mistake { return fail(mistake) }
    clock.restart(limit: limits.firstToken)
    upstream.start(exchange)
  }

  /// Asks the transport for `count` parts, and takes in what comes.
  private func ask(_ count: Int) -> Poll {
    Chunk<HTTPPart>.scratch(count) { parts in
      let poll = upstream.poll(&parts)
      while let part = parts.next() {
        switch part {
        case .head(let head): take(head)
        case .body(let bytes): take(bytes)
        }
      }
      switch poll {
      case .more, .pending: break
      case .finished: takeEnd()
      case .failed(let error): take(error)
      }
      return poll
    }
  }

  // MARK: What comes

  private func take(_ head: HTTPHead) {
    self.head = head
    guard head.isSuccess, !head.isPage else {
      state = .refused([])
      clock.restart(limit: Self.refusalPatience)
      return
    }
    let rateLimits = RateLimits(headers: head.fields)
    if !rateLimits.isEmpty {
      events.append(.rateLimits(rateLimits))
      asides += 1
    }
  }

  private func take(_ bytes: Bytes) {
    switch state {
    case .answering:
      if decoder.emitted.events == 0, bytes.starts(with: [0x1F, 0x8B]) {
        return fail(
          ProviderError(.unsupportedEncoding, "the answer is compressed (gzip), which was not asked for"))
      }
      let start = events.count
      decoder.decode(bytes, into: &events)
      if events.count > start { noteEvents(from: start) }
    case .refused(var body):
      state = .idle
      body += bytes.prefix(Self.longestRefusal - body.count)
      state = .refused(body)
      if body.count >= Self.longestRefusal { refuse() }
    case .parting(let event, let count):
      state = .parting(event, bytes: count + bytes.count)
      if count + bytes.count > Self.longestRest { part() }
    case .idle, .ended: break
    }
  }

  /// The response is whole.
  private func takeEnd() {
    switch state {
    case .answering:
      let start = events.count
      events += decoder.finish()
      noteEvents(from: start)
      if case .parting = state { part() }
    case .refused: refuse()
    case .parting: part()
    case .idle, .ended: break
    }
  }

  private func take(_ error: any Error) {
    switch state {
    case .answering: completeOrFail(ProviderError(transport: error, after: head))
    case .refused: refuse()
    case .parting: part()
    case .idle, .ended: break
    }
  }

  /// Looks at what the decoder has told: tokens restart the clock, the terminal ends the answer.
  private func noteEvents(from start: Int) {
    if events[start...].contains(where: { $0.isToken }) {
      hasToken = true
      isFinishing = false
      clock.restart(limit: limits.betweenTokens)
    }
    guard decoder.isEnded, let last = events.popLast() else { return }
    switch last {
    case .failed(let error):
      fail(completed(error))
    default:
      state = .parting(last, bytes: 0)
      clock.restart(limit: Self.parting)
    }
  }

  // MARK: What does not come

  /// Nothing has come, and somebody waits.
  private func wait() {
    if case .answering = state, !isFinishing, decoder.isComplete {
      isFinishing = true
      clock.restart(limit: limits.afterFinish ?? limits.betweenTokens)
    }
    let limit = clock.limit
    guard let reached = clock.wait() else { return }
    switch state {
    case .answering: completeOrFail(timeout(reached, limit))
    case .refused: refuse()
    case .parting: part()
    case .idle, .ended: break
    }
  }

  private func timeout(_ reached: WaitClock.Reached, _ limit: Duration?) -> ProviderError {
    switch reached {
    case .total:
      ProviderError(.timeout(.total), "no end of the answer within \(limits.total ?? .zero)")
    case .limit where hasToken:
      ProviderError(.timeout(.betweenTokens), "no further token within \(limit ?? .zero)")
    case .limit: ProviderError(.timeout(.firstToken), "no token within \(limit ?? .zero)")
    }
  }

  // MARK: Ends

  /// The response is not an answer, and as much of it has come as will.
  private func refuse() {
    guard case .refused(let body) = state, let head else { return }
    // As text a secret can only be found whole: before the body is cut to a snippet.
    let mask = SecretMask(request)
    var error = ProviderError(status: head.status, headers: head.fields, body: mask(Bytes(body)))
    if (300..<400).contains(head.status) {
      error.message = "the server redirects, which is not followed: check the address"
    }
    fail(error)
  }

  /// An answer whose provider has called it complete is, whatever becomes of the connection.
  private func completeOrFail(_ error: ProviderError) {
    guard decoder.isComplete else { return fail(completed(error)) }
    let start = events.count
    events += decoder.finish()
    noteEvents(from: start)
    part()
  }

  /// The error with what the head knows of it.
  private func completed(_ error: ProviderError) -> ProviderError {
    guard let head else { return error }
    var error = error
    let headers = Headers(head.fields)
    error.requestID = error.requestID ?? headers.requestID
    error.retryAfter = error.retryAfter ?? RetryAfter.delay(headers, now: nil)
    // In the place of an answer, not in the middle of one.
    if error.bodySnippet != nil, decoder.emitted.isNothing { error.status = error.status ?? head.status }
    return error
  }

  private func fail(_ error: ProviderError) {
    var error = error
    let mask = SecretMask(request)
    error.message = mask(error.message)
    error.code = error.code.map { mask($0) }
    error.bodySnippet = error.bodySnippet.map { mask($0) }
    // The decoder's own failure says it already, and counts itself since.
    if !decoder.isEnded { error.emitted = decoder.emitted }
    error.emitted.events += asides
    end(.failed(error))
  }

  /// Tells the last event.
  private func part() {
    guard case .parting(let event, _) = state else { return }
    events.append(event)
    end(.finished)
  }

  private func end(_ poll: Poll) {
    clock.stop()
    upstream.end()
    state = .ended(poll)
  }
}

extension ChatEvent {
  /// A part of the answer itself, which a model that has died could not have sent.
  var isToken: Bool {
    switch self {
    case .textDelta, .reasoningDelta, .reasoningSignature, .refusalDelta, .toolCallStarted,
      .toolArgumentsDelta, .toolCall, .hostedToolCall, .hostedToolResult, .source, .file, .raw:
      true
    default: false
    }
  }
}
