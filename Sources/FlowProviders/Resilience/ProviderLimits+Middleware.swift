// Limits around any provider.
import Flows

/// Around a provider, the limits on tokens and on the whole are watched here: ``firstToken``, ``betweenTokens`` and
/// ``total``. The others are about bytes, which only the provider's own transport sees.
///
/// ```swift
/// let brisk = provider.with(ProviderLimits(firstToken: .seconds(5), betweenTokens: .seconds(2)))
/// ```
extension ProviderLimits: Middleware {
  public func intercept(_ request: ChatRequest, next: @escaping Next) -> Flow<ChatEvent> {
    if let mistake { return .fail(mistake) }
    return Flow { context in
      let watch = LimitWatch(self, next(request), in: context)
      return { room in watch.poll(&room) }
    }
  }
}

extension ProviderLimits {
  /// For a service that others run: it answers soon, or not at all.
  public static let hosted = ProviderLimits(
    connect: .seconds(15), firstByte: .seconds(300), firstToken: .seconds(600), betweenTokens: .seconds(300),
    betweenBytes: .seconds(120))

  /// For a server of one's own: it is near, but may load a model first, and read a long prompt on a slow machine.
  public static let local = ProviderLimits(
    connect: .seconds(5), firstByte: .seconds(1200), firstToken: .seconds(1800), betweenTokens: .seconds(600),
    betweenBytes: .seconds(600))
}

extension KnownProvider {
  /// The limits that suit it when nobody says otherwise.
  public var limits: ProviderLimits {
    switch place {
    case .service: .hosted
    case .local: .local
    case .unknown: ProviderLimits()
    }
  }
}

/// The memory of one run. One object, which only the driver of the run touches.
private final class LimitWatch {
  private let context: FlowContext
  private let limits: ProviderLimits
  private let answer: Flow<ChatEvent>
  private var upstream: Upstream<ChatEvent>
  private var clock: WaitClock
  private var emitted = ProviderError.Emitted()
  private var hasToken = false

  init(_ limits: ProviderLimits, _ answer: Flow<ChatEvent>, in context: FlowContext) {
    self.context = context
    self.limits = limits
    self.answer = answer
    upstream = Upstream(context)
    clock = WaitClock(context, total: limits.total)
    clock.restart(limit: limits.firstToken)
  }

  func poll(_ room: inout Chunk<ChatEvent>) -> Poll {
    let isProgress = room.isFull
    if !upstream.isLive {
      if isProgress { return .more }
      upstream.start(answer)
    }
    let start = room.count
    let poll = upstream.poll(&room)
    var isToken = false
    room.forEach(from: start) {
      emitted.note($0)
      if $0.isToken { isToken = true }
    }
    if isToken {
      hasToken = true
      clock.restart(limit: limits.betweenTokens)
    }
    guard case .pending = poll else {
      if poll.isTerminal { clock.stop() } else { clock.rest() }
      return poll
    }
    // A full room waits for its consumer, not for the provider.
    if room.isFull {
      clock.rest()
      return isProgress ? .pending : .more
    }
    let limit = clock.limit
    guard let reached = clock.wait() else { return .pending }
    upstream.end()
    clock.stop()
    var error = timeout(reached, limit)
    error.emitted = emitted
    return .failed(error)
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
}
