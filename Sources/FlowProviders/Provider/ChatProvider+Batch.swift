// Many requests, a bounded number of them at a time.
import Flows

/// What became of one request of a batch.
public struct BatchAnswer: Sendable {
  /// The place of the request in the batch, from 0.
  public let index: Int
  /// The whole answer, or why there is none.
  public let result: Result<ChatResponse, ProviderError>

  public init(index: Int, result: Result<ChatResponse, ProviderError>) {
    self.index = index
    self.result = result
  }

  /// The answer.
  /// - Throws: ``ProviderError``.
  public func get() throws(ProviderError) -> ChatResponse { try result.get() }
}

/// The order in which the answers of a batch are delivered.
public enum BatchOrder: Sendable {
  /// That of the requests. An answer that is ready before its turn waits.
  case asRequested
  /// As they are ready.
  case asCompleted
}

extension ChatProvider {
  /// Answers many requests, at most `limit` at a time.
  ///
  /// ```swift
  /// for try await answer in provider.batch(requests, maxInFlight: 16).values {
  ///   print(answer.index, try answer.get().text)
  /// }
  /// ```
  ///
  /// **Demand.** Requests begin when the first answer is asked for, and the next whenever one is done. In order, at
  /// most `limit` answers wait for one that is slow; then no more is begun until it is there. **Failure.** None: a
  /// request that fails is a failed element, and does not end the others. **Cancellation.** Ends all that are under
  /// way.
  ///
  /// - Parameters:
  ///   - requests: what is asked; the places of the answers are theirs.
  ///   - limit: the most requests that are under way at a time, at least 1; anything else traps.
  ///   - order: the order of the answers.
  public func batch(
    _ requests: some Sequence<ChatRequest>, maxInFlight limit: Int, order: BatchOrder = .asRequested
  ) -> Flow<BatchAnswer> {
    precondition(limit > 0, "batch(maxInFlight: \(limit)): at least one request must be let in")
    let requests = Array(requests)
    return Flow { context in
      let turns = BatchTurns(requests.count, ahead: order == .asRequested ? limit.doubled : .max)
      let answers = turns.indices.flatMap(maxConcurrent: limit) { index in
        stream(requests[index]).asResponse()
          .map { BatchAnswer(index: index, result: .success($0)) }
          .catch { .just(BatchAnswer(index: index, result: .failure(ProviderError(wrapping: $0)))) }
      }
      let upstream = answers.start(in: context)
      let waiting = BatchWaiting(order, context)
      return { room in waiting.poll(&room, upstream, turns) }
    }
  }
}

extension Int {
  fileprivate var doubled: Int { self > .max / 2 ? .max : self * 2 }
}

/// Which requests may begin.
// One per run, and touched by its driver alone.
private final class BatchTurns: @unchecked Sendable {
  private let count: Int
  private let ahead: Int
  private var begun = 0
  private var delivered = 0
  private var source: FlowContext?

  init(_ count: Int, ahead: Int) {
    self.count = count
    self.ahead = ahead
  }

  /// The numbers of the requests, each when it may begin.
  var indices: Flow<Int> {
    Flow { [self] context in
      source = context
      return { [self] room in
        while !room.isFull {
          if begun == count { return .finished }
          if begun - delivered >= ahead { return .pending }
          room.append(begun)
          begun += 1
        }
        return begun == count ? .finished : .more
      }
    }
  }

  func deliver(_ count: Int) {
    let wasClosed = begun - delivered >= ahead
    delivered += count
    if wasClosed { source?.scope.wake() }
  }
}

/// Answers that are ready before their turn.
private final class BatchWaiting {
  private let order: BatchOrder
  private let context: FlowContext
  private var ready: [Int: BatchAnswer] = [:]
  private var next = 0
  private var isStarted = false
  private var ending: Poll?

  init(_ order: BatchOrder, _ context: FlowContext) {
    self.order = order
    self.context = context
  }

  deinit { for answer in ready.values.sorted(by: { $0.index < $1.index }) { context.discard(answer) } }

  func poll(_ room: inout Chunk<BatchAnswer>, _ upstream: Flow<BatchAnswer>.Stage, _ turns: BatchTurns)
    -> Poll
  {
    if order == .asCompleted { return upstream(&room) }
    if !room.isFull { isStarted = true }
    while !context.scope.isEnded {
      deliver(into: &room, turns)
      if let ending, ready.isEmpty { return ending }
      if ending != nil || room.isFull && ready[next] != nil { return .more }
      // Once begun, answers come in whether the next is asked for or not: there is a place for each that was begun.
      let poll = Chunk<BatchAnswer>.scratch(isStarted ? .max : 0) { answers in
        let poll = upstream(&answers)
        while let answer = answers.next() { ready[answer.index] = answer }
        return poll
      }
      switch poll {
      case .more: if !isStarted { return .more }
      case .pending:
        if ready[next] == nil || room.isFull { return room.isFull ? .more : .pending }
      case .finished, .failed: ending = poll
      }
    }
    return .pending
  }

  private func deliver(into room: inout Chunk<BatchAnswer>, _ turns: BatchTurns) {
    var count = 0
    while !room.isFull, let answer = ready.removeValue(forKey: next) {
      room.append(answer)
      next += 1
      count += 1
    }
    if count > 0 { turns.deliver(count) }
  }
}
