// The pipelines of the pages for those who come from elsewhere, letter for letter.
import FlowTesting
import Flows
import Synchronization
import Testing

/// A service that answers at once.
private struct Search: Sendable {
  func search(_ text: String) -> Flow<[String]> {
    text.isEmpty ? .fail(MarbleError()) : .just([text, text + "s"])
  }
}

/// A position, and who calls back with it.
struct Position: Sendable, Equatable { let metres: Int }

final class Tracker: Sendable {
  private struct State {
    var onPosition: (@Sendable (Position) -> Void)?
    var onStop: (@Sendable () -> Void)?
    var isRunning = false
  }
  private let state = Mutex(State())

  var onPosition: (@Sendable (Position) -> Void)? {
    get { state.withLock { $0.onPosition } }
    set { state.withLock { $0.onPosition = newValue } }
  }
  var onStop: (@Sendable () -> Void)? {
    get { state.withLock { $0.onStop } }
    set { state.withLock { $0.onStop = newValue } }
  }
  var isRunning: Bool { state.withLock { $0.isRunning } }
  func start() { state.withLock { $0.isRunning = true } }
  func stop() { state.withLock { $0 = State() } }
}

func positions(of tracker: Tracker) -> Flow<Position> {
  .create(buffer: 1, whenFull: .dropOldest) { emitter in
    tracker.onPosition = { emitter.yield($0) }
    tracker.onStop = { emitter.finish() }
    emitter.onCancel { tracker.stop() }
    tracker.start()
  }
}

@Suite struct ShownPipelines {
  private let api = Search()

  /// What is shown first, on the main actor.
  private func first(of pipeline: (@escaping @Sendable ([String]) -> Void) -> Void) async -> [String]? {
    let (shown, continuation) = AsyncStream.makeStream(of: [String].self)
    pipeline { result in
      MainActor.preconditionIsolated()
      continuation.yield(result)
    }
    return await shown.first { _ in true }
  }

  @Test func `coming from Combine`() async {
    var subscriptions: Set<FlowSubscription> = []
    let typed = Flow.from(["s", "swift", "swift"])
    let result = await first { show in
      typed
        .debounce(for: .milliseconds(300))
        .removeDuplicates()
        .flatMapLatest { api.search($0).replaceError(with: []) }
        .receive(on: .main)
        .subscribe { show($0) }
        .store(in: &subscriptions)
    }
    #expect(result == ["swift", "swifts"])
  }

  @Test func `coming from RxSwift`() async {
    var subscriptions: Set<FlowSubscription> = []
    let query = Flow.from([""])
    let result = await first { show in
      query
        .throttle(for: .milliseconds(300), edges: .both)
        .removeDuplicates()
        .flatMapLatest { api.search($0).replaceError(with: []) }
        .receive(on: .main)
        .subscribe { show($0) }
        .store(in: &subscriptions)
    }
    #expect(result == [])
  }

  @Test func `coming from AsyncSequence`() async throws {
    let events = AsyncStream<Int> { continuation in
      for number in 1...3 { continuation.yield(number) }
      continuation.finish()
    }
    var stored: [[Int]] = []
    func store(_ batch: [Int]) async { stored.append(batch) }
    for try await batch in events.flow.debounce(for: .seconds(1)).chunks(ofCount: 10).values {
      await store(batch)
    }
    #expect(stored == [[3]])
  }

  @Test func `from callbacks to a flow`() throws {
    let tracker = Tracker()
    let seen = positions(of: tracker).record(in: VirtualTime(), demand: 1)
    for metres in 1...4 { tracker.onPosition?(Position(metres: metres)) }
    try seen.expect(Position(metres: 1))
    seen.request(1)
    try seen.expect(Position(metres: 4))
    #expect(tracker.isRunning)
    seen.cancel()
    #expect(!tracker.isRunning && tracker.onPosition == nil)
  }

  @Test func `from a flow to callbacks`() {
    final class Label: Sendable {
      private let written = Mutex("")
      var text: String {
        get { written.withLock { $0 } }
        set { written.withLock { $0 = newValue } }
      }
    }
    let label = Label()
    let prices = Flow.from([1, 2]).append(.fail(MarbleError()))
    let subscription = prices.subscribe { price in
      label.text = "\(price)"
    } onEnd: { end in
      if case .failed(let error) = end { label.text = "\(error)" }
    }
    #expect(label.text == "#" && subscription.isEnded)
  }
}
