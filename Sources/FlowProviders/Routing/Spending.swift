// Answers that cost no more than they may.
import Flows

/// What becomes of an answer for which there is no more money.
public enum BudgetCut: Sendable, Hashable {
  /// It ends where it is, as one that has reached its limit of tokens, with a warning.
  case finish
  /// It fails with a ``ProviderError`` of the kind `quota`.
  case fail
}

/// Holds answers to a budget.
///
/// Before a request, what it can cost is reserved: what it says, and the most that may be answered
/// (`maxOutputTokens`, 1,024 tokens when that is left out, extended while the answer runs). Where less is left, the request
/// is sent with a smaller limit; where not even that, it fails with a ``ProviderError`` of the kind `quota` and is not sent.
/// While the answer runs, its text is counted, a token for every four bytes; when no more can be reserved it is cut, and the
/// provider hears of it at once. At the end, in whatever way, what the provider has counted is settled, or the estimate
/// where it did not count.
public struct Spending: Middleware {
  /// What is reserved for an answer without a limit, and the least that is worth a request.
  static let (usual, least, step) = (1024, 16, 256)

  private let budget: Budget
  private let price: @Sendable (ChatRequest) -> TokenPrice?
  private let cut: BudgetCut

  /// - Parameters:
  ///   - budget: how much may be spent.
  ///   - cut: what becomes of an answer for which there is no more.
  ///   - price: what the tokens of a request's model cost; a request without a price fails, since nobody could say what it
  ///     costs.
  public init(
    _ budget: Budget, whenSpent cut: BudgetCut = .finish,
    price: @escaping @Sendable (ChatRequest) -> TokenPrice?
  ) {
    self.budget = budget
    self.cut = cut
    self.price = price
  }

  public func intercept(_ request: ChatRequest, next: @escaping Next) -> Flow<ChatEvent> {
    Flow { context in
      guard let price = price(request) else {
        let error = ProviderError(.quota, "nobody knows what \(request.model) costs, and there is a budget")
        return { _ in .failed(error) }
      }
      let answer = PaidAnswer(request, budget, price, cut, next, context)
      return { room in answer.poll(&room) }
    }
  }
}

/// One answer that is paid for. The stage holds it; let go, it settles.
private final class PaidAnswer {
  private let context: FlowContext
  private let request: ChatRequest
  private let budget: Budget
  private let purse: Purse
  private let price: TokenPrice
  private let cut: BudgetCut
  private let next: Middleware.Next
  private let inputCost: Money
  private var upstream: Upstream<ChatEvent>
  private var grammar = ChatGrammar()
  private var reserved: Money?
  /// Of all that the model wrote, and how much of that is reserved.
  private var (bytes, allowed) = (0, 0)
  private var usage: Usage?
  private var isFinished = false
  /// What is told when the answer is cut: the rest of it, and the end.
  private var rest: [ChatEvent] = []
  private var ending: Poll?

  init(
    _ request: ChatRequest, _ budget: Budget, _ price: TokenPrice, _ cut: BudgetCut,
    _ next: @escaping Middleware.Next, _ context: FlowContext
  ) {
    self.context = context
    self.request = request
    self.budget = budget
    self.price = price
    self.cut = cut
    self.next = next
    purse = budget.purse()
    inputCost = price.cost(input: TokenEstimate.tokens(in: request), output: 0)
    upstream = Upstream(context)
  }

  deinit {
    upstream.end()
    settle(nil)
  }

  func poll(_ room: inout Chunk<ChatEvent>) -> Poll {
    if let ending { return deliver(into: &room, ending) }
    if reserved == nil {
      if room.isFull { return .more }
      if let refusal = begin() { return .failed(refusal) }
    }
    let start = room.count
    let poll = upstream.poll(&room)
    room.keep(from: start) { event in
      if !take(event) { return false }
      return true
    } discard: {
      context.discard($0, .policy)
    }
    if let ending { return deliver(into: &room, ending) }
    switch poll {
    case .more, .pending: if isFinished { settle(nil) }
    case .finished: settle(nil)
    case .failed(let error): settle(error as? ProviderError)
    }
    return poll
  }

  private func deliver(into room: inout Chunk<ChatEvent>, _ ending: Poll) -> Poll {
    var count = 0
    while count < rest.count, !room.isFull {
      room.append(rest[count])
      count += 1
    }
    rest.removeFirst(count)
    return rest.isEmpty ? ending : .more
  }

  /// Reserves, and asks. The answer is why not.
  private func begin() -> ProviderError? {
    let wanted = request.maxOutputTokens ?? Spending.usual
    let most = inputCost + price.cost(input: 0, output: wanted)
    let least = inputCost + price.cost(input: 0, output: min(wanted, Spending.least))
    let now = context.now
    guard let granted = purse.reserve(most, atLeast: least, at: now) else {
      reserved = .zero
      var error = ProviderError(
        .quota, "the budget of \(budget) has \(purse.available(at: now)) left, and this needs \(least)")
      error.retryAfter = purse.relief(at: now)
      return error
    }
    reserved = granted
    allow(granted)
    var request = request
    if granted < most { request.maxOutputTokens = min(wanted, allowed / 4) }
    upstream.start(next(request))
    return nil
  }

  private func allow(_ amount: Money) {
    let tokens = price.outputTokens(for: amount - inputCost)
    allowed = tokens > .max / 4 ? .max : tokens * 4
  }

  /// False when the event is not to be told: the answer was cut.
  private func take(_ event: ChatEvent) -> Bool {
    if ending != nil { return false }
    switch event {
    case .textDelta(let text, _), .reasoningDelta(let text, _), .refusalDelta(let text, _):
      bytes += text.utf8.count
    case .toolArgumentsDelta(let text, _, _): bytes += text.utf8.count
    case .usage(let new): if usage == nil { usage = new } else { usage?.add(new) }
    case .finished: isFinished = true
    default: break
    }
    if bytes > allowed, !extend() {
      cutOff()
      return false
    }
    grammar.take(event)
    return true
  }

  /// Reserves more, as much as there is.
  private func extend() -> Bool {
    guard let reserved else { return false }
    let missing = TokenEstimate.tokens(bytes: bytes - allowed)
    let least = price.cost(input: 0, output: missing)
    let most = price.cost(input: 0, output: missing + Spending.step)
    guard let more = purse.reserve(most, atLeast: least, at: context.now) else { return false }
    self.reserved = reserved + more
    allow(reserved + more)
    // What the division has lost must not cut what was paid for.
    allowed = max(allowed, bytes)
    return true
  }

  private func cutOff() {
    upstream.end()
    let text = "the budget of \(budget) is spent: the answer was cut after \(bytes) bytes"
    switch cut {
    case .finish:
      var finish = Finish(.length, raw: "budget")
      finish.detail = text
      rest = [.warning(Warning(.budget, text))]
      while case .needs(let missing, _) = grammar.judge(.finished(finish)) {
        for event in missing { grammar.take(event) }
        rest += missing
      }
      rest.append(.finished(finish))
      ending = .finished
    case .fail:
      var error = ProviderError(.quota, text)
      error.emitted.text = bytes
      error.retryAfter = purse.relief(at: context.now)
      ending = .failed(error)
    }
    settle(nil)
  }

  /// Settles once: with the provider's figures when the answer is whole, else with the larger of those and the estimate.
  private func settle(_ error: ProviderError?) {
    guard let reserved, reserved > .zero || !isSettled, !isSettled else { return }
    isSettled = true
    var known = usage ?? error?.emitted.usage
    // A request that was refused has cost nothing, unless its provider says so.
    if error != nil, bytes == 0, known == nil { return purse.settle(reserved, .zero, at: context.now) }
    let estimate = TokenEstimate.tokens(bytes: bytes)
    if known?.inputTokens == nil { known = known ?? Usage() }
    var cost = price.cost(of: known ?? Usage())
    if known?.inputTokens == nil { cost += inputCost }
    if !isFinished || known?.outputTokens == nil {
      let said = known?.allOutputTokens ?? 0
      if estimate > said { cost += price.cost(input: 0, output: estimate - said) }
    }
    purse.settle(reserved, cost, at: context.now)
    context.noteEvent("flow.cost", ["flow.cost.usd": .number(cost.dollars)])
  }

  private var isSettled = false
}
