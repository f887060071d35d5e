// A source that never runs dry, and of which nothing passes: the run must still hear that it was cancelled.
import Testing

@testable import Flows

@Suite struct EndlessTests {
  /// What lets nothing of a source through, without asking for time.
  enum Silent: CaseIterable {
    case filter, compactMap, removeDuplicates, dropFirst, dropWhile, prefixWhile, ignoreOutput, replaceEmpty,
      merge
    case concat, zip, flatMap, concatMap, switchToLatest, recover, debounce
    case timeout, latest, buffer, chunks, scan, combineLatest, withLatest, race, repeats
    case single, retry, materialize, prefix, delay, throttle, sample, ahead
    case allLast, hedge, pace, keepAlive, fallback, bulkhead

    func apply(to source: Flow<Int>) -> Flow<Int> {
      switch self {
      case .filter: return source.filter { _ in false }
      case .compactMap: return source.compactMap { _ in nil }
      case .removeDuplicates: return source.map { _ in 0 }.removeDuplicates().dropFirst()
      case .dropFirst: return source.dropFirst(.max)
      case .dropWhile: return source.drop { _ in true }
      case .prefixWhile: return source.compactMap { _ in nil }.prefix { _ in true }
      case .ignoreOutput: return source.ignoreOutput().materialize().map { _ in 0 }
      case .replaceEmpty: return source.filter { _ in false }.replaceEmpty(with: 0)
      case .merge: return .merge([source.filter { _ in false }, source.filter { _ in false }])
      case .concat: return source.filter { _ in false }.append(.just(1))
      case .zip: return Flow.zip(source.filter { _ in false }, source).map { $0 + $1 }
      case .flatMap: return source.flatMap(maxConcurrent: 2) { _ in .empty() }
      case .concatMap: return source.concatMap { _ in .empty() }
      case .switchToLatest: return source.flatMapLatest { _ in .empty() }
      case .recover: return source.filter { _ in false }.catch { _ in .just(1) }
      case .debounce: return source.debounce(for: .seconds(1))
      case .timeout: return source.filter { _ in false }.timeout(first: .seconds(60))
      case .latest: return source.filter { _ in false }.latest()
      case .buffer: return source.filter { _ in false }.buffer(4, whenFull: .dropOldest)
      case .ahead: return source.filter { _ in false }.buffer(4, whenFull: .backpressure)
      case .chunks: return source.filter { _ in false }.chunks(ofCount: 4).map(\.count)
      case .combineLatest: return source.combineLatest(source.filter { _ in false }).map { $0 + $1 }
      case .withLatest: return source.withLatest(from: source.filter { _ in false }).map { $0 + $1 }
      case .race: return Flow.race([source.filter { _ in false }, .never()])
      case .repeats:
        return source.prefix(10).ignoreOutput().materialize().map { _ in 0 }.filter { _ in false }.repeat {
          true
        }
      case .single: return source.filter { _ in false }.single()
      case .retry:
        return source.prefix(10).filter { $0 > 10 }.append(.fail(Again())).retry(.max)
      case .materialize: return source.filter { _ in false }.materialize().map { _ in 0 }
      case .prefix: return source.filter { _ in false }.prefix(3)
      case .delay: return source.filter { _ in false }.delay(for: .seconds(1))
      case .throttle: return source.filter { _ in false }.throttle(for: .seconds(1), edges: .both)
      case .sample: return source.sample(every: .seconds(100))
      case .allLast: return Flow.allLast([source, source]).map(\.count)
      case .hedge: return source.filter { _ in false }.hedge(after: .seconds(60), max: 2)
      case .pace: return source.filter { _ in false }.pace(every: .seconds(1))
      case .keepAlive: return source.filter { _ in false }.keepAlive(every: .seconds(60)) { 0 }
      case .fallback: return source.filter { _ in false }.fallback(to: [.just(1)])
      case .bulkhead: return source.filter { _ in false }.bulkhead(Bulkhead(maxConcurrent: 2, maxWaiting: 0))
      case .scan: return source.filter { _ in false }.scan(0, +)
      }
    }
  }

  /// Counts for ever, once `gate` is open, and calls `action` at the thousandth step.
  private func endless(
    _ steps: Counter, behind gate: Gate? = nil, _ action: @escaping @Sendable () -> Void
  ) -> Flow<Int> {
    Flow { context in
      gate?.keepers.note(context.scope)
      var last = 0
      return { room in
        if let gate, gate.subscriptions.count == 0 { return .pending }
        while !room.isFull {
          last += 1
          steps.add()
          if steps.count == 1000 { action() }
          room.append(last)
        }
        return .more
      }
    }
  }

  private struct Again: Error {}

  /// Opens when there is something to cancel.
  private struct Gate {
    let subscriptions = Journal<FlowSubscription>()
    let keepers = Journal<Scope>()
  }

  @Test(arguments: Silent.allCases)
  func `a subscription that is cancelled meanwhile`(operation: Silent) {
    let steps = Counter()
    let gate = Gate()
    let source = endless(steps, behind: gate) { gate.subscriptions.entries[0].cancel() }
    let seen = Counter()
    let subscription = operation.apply(to: source).subscribe(demand: 1) { _ in
      seen.add()
    } onEnd: { _ in
      seen.add()
    }
    gate.subscriptions.note(subscription)
    for keeper in gate.keepers.entries { keeper.wake() }
    #expect(seen.count == 0)
    #expect(steps.count >= 1000)
    #expect(subscription.isEnded)
  }

  @Test(arguments: Silent.allCases)
  func `a task that is cancelled meanwhile`(operation: Silent) async {
    let steps = Counter()
    let flow = operation.apply(to: endless(steps) { withUnsafeCurrentTask { $0?.cancel() } })
    // A task of its own: cancelling that of the test would cancel the test.
    let task = Task { try await flow.drain() }
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(steps.count >= 1000)
  }

  @Test(arguments: Silent.allCases)
  func `a loop whose task is cancelled meanwhile`(operation: Silent) async throws {
    let steps = Counter()
    let flow = operation.apply(to: endless(steps) { withUnsafeCurrentTask { $0?.cancel() } })
    let task = Task { for try await _ in flow.values { Issue.record("nothing should come") } }
    try await task.value
    #expect(steps.count >= 1000)
  }
}
