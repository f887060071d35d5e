// A source that never runs dry, and of which nothing passes: the run must still hear that it was cancelled.
import Testing

@testable import Flows

@Suite struct EndlessTests {
  /// What lets nothing of a source through, without asking for time.
  enum Silent: CaseIterable {
    case filter, compactMap, removeDuplicates, dropFirst, dropWhile, prefixWhile, ignoreOutput, replaceEmpty, merge
    case concat, zip, flatMap, concatMap, switchToLatest, recover, debounce
    case timeout, latest, buffer, chunks, scan

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
      case .chunks: return source.filter { _ in false }.chunks(ofCount: 4).map(\.count)
      case .scan: return source.filter { _ in false }.scan(0, +)
      }
    }
  }

  /// Counts for ever, as soon as `isOpen`, and calls `action` at the thousandth step.
  private func endless(
    _ steps: Counter, isOpen: @escaping @Sendable () -> Bool = { true }, _ action: @escaping @Sendable () -> Void
  ) -> Flow<Int> {
    Flow { _ in
      var last = 0
      return { room in
        guard isOpen() else { return .pending }
        while !room.isFull {
          last += 1
          steps.add()
          if last == 1000 { action() }
          room.append(last)
        }
        return .more
      }
    }
  }

  @Test(arguments: Silent.allCases)
  func `a subscription that is cancelled meanwhile`(operation: Silent) {
    let steps = Counter()
    let subscriptions = Journal<FlowSubscription>()
    let source = endless(steps, isOpen: { subscriptions.count > 0 }) { subscriptions.entries[0].cancel() }
    let seen = Counter()
    let subscription = operation.apply(to: source).subscribe(demand: 0) { _ in seen.add() } onEnd: { _ in seen.add() }
    subscriptions.note(subscription)
    subscription.request(1)
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
