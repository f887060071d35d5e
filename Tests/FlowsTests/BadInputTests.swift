// What a programmer's error is told, and what bad days do not do.
import FlowTesting
import Testing

@testable import Flows

@Suite struct BadInputTests {
  /// Mistakes that trap where they are made.
  enum Mistake: String, CaseIterable, Codable {
    case requestOfNothing, requestOfLess, negativeDemand
    case emptyBuffer, emptyCreate, emptyReceive, emptyShare, emptySubject
    case negativeReplay, negativeReplayOfSubject, negativePrefix, negativeDropFirst, negativeRetry
    case negativeRepeat, noAttempt, negativeBackoff
    case emptyChunks, noFlow, noCall
    case noOrderedFlow, emptyChunked, noTimeForChunked, emptySliding, noStep, emptyWindow, noGroup, noDepth
    case negativeElement
    case negativeDelay, negativeDebounce, negativeThrottle, negativeTimeout, noInterval, noSampling
    case noPermit, negativeWaiting, noRate, noTimeForRate, emptyBucket, noWeight, negativeRemainder,
      negativeSpending
    case noWindow, noFailureRate, noCalls, negativeOpening, noProbe, noAttemptOfHedge, negativeHedge,
      wholeShare
    case negativeReserve, negativePace, noTimeForHeartbeat, noTimeForIdleGroups, noCallOfFilter,
      impossibleFailure
    case tooMuch, secondConsumer

    /// The call, and what is wrong with it.
    var message: String {
      switch self {
      case .requestOfNothing: "request(0): ask for at least one element"
      case .requestOfLess: "request(-1): ask for at least one element"
      case .negativeDemand: "a demand of -1 elements makes no sense"
      case .emptyBuffer: "buffer(0): a buffer needs room for at least one element"
      case .emptyCreate: "create(buffer: 0): a buffer needs room for at least one element"
      case .emptyReceive: "receive(on:buffer: 0): a buffer needs room for at least one element"
      case .emptyShare: "share(buffer: 0): a buffer needs room for at least one element"
      case .emptySubject: "FlowSubject(buffer: 0): a buffer needs room for at least one element"
      case .negativeReplay: "share(replay: -1): no negative number of elements can be replayed"
      case .negativeReplayOfSubject: "FlowSubject(replay: -1): no negative number of elements can be replayed"
      case .negativePrefix: "prefix(-1): a flow has no negative number of elements"
      case .negativeDropFirst: "dropFirst(-1): a flow has no negative number of elements"
      case .negativeRetry: "retry(-1): a flow cannot be retried less than zero times"
      case .negativeRepeat: "repeat(-1): a flow cannot run less than zero times"
      case .noAttempt: "maxAttempts: 0: the first attempt counts, so at least 1"
      case .negativeBackoff: "a delay cannot be negative, nor its factor"
      case .emptyChunks: "chunks(ofCount: 0): an array needs at least one element"
      case .noFlow: "flatMap(maxConcurrent: 0): at least one flow must be let in"
      case .noCall: "asyncMap(maxConcurrent: 0): at least one call must be let in"
      case .noOrderedFlow: "flatMapOrdered(maxConcurrent: 0): at least one flow must be let in"
      case .emptyChunked: "chunked(ofCount: 0): an array needs at least one element"
      case .noTimeForChunked: "chunked(orEvery: 0.0 seconds): the interval must be more than zero"
      case .emptySliding: "sliding(0): an array needs at least one element"
      case .noStep: "sliding(step: 0): an array begins at least one element further"
      case .emptyWindow: "window(ofCount: 0): a window needs at least one element"
      case .noGroup: "grouped(maxGroups: 0): there must be room for at least one group"
      case .noDepth: "expand(maxDepth: -1): a depth cannot be negative"
      case .negativeElement: "element(at: -1): a flow has no element before the first"
      case .negativeDelay: "delay(for: -1.0 seconds): time does not run backwards"
      case .negativeDebounce: "debounce(for: -1.0 seconds): time does not run backwards"
      case .negativeThrottle: "throttle(for: -1.0 seconds): time does not run backwards"
      case .negativeTimeout: "timeout: a limit of -1.0 seconds makes no sense"
      case .noInterval: "interval(every: 0.0 seconds): the interval must be more than zero"
      case .noSampling: "sample(every: 0.0 seconds): the interval must be more than zero"
      case .noPermit: "Bulkhead(maxConcurrent: 0): at least one run must be let in"
      case .negativeWaiting: "Bulkhead(maxWaiting: -1): no negative number of runs can wait"
      case .noRate: "RateLimiter(0): at least one run must be let in"
      case .noTimeForRate: "RateLimiter(every: 0.0 seconds): the interval must be more than zero"
      case .emptyBucket: "RateLimiter(burst: 0): the bucket must hold at least one token"
      case .noWeight: "rateLimited(weight: 0): a run takes at least one token"
      case .negativeRemainder: "update(remaining: -1): what is left cannot be negative"
      case .negativeSpending: "spend(-1): a negative number of tokens cannot be spent"
      case .noWindow: "CircuitBreaker(window: 0): at least one run must be remembered"
      case .noFailureRate: "CircuitBreaker(failureRate: 0.0): a rate is more than 0 and at most 1"
      case .noCalls: "CircuitBreaker(minimumCalls: 2): between 1 and the window of 1"
      case .negativeOpening: "CircuitBreaker(openFor: -1.0 seconds): time does not run backwards"
      case .noProbe: "CircuitBreaker(probes: 0): without a probe it would never close"
      case .noAttemptOfHedge: "hedge(max: 0): the first attempt counts, so at least 1"
      case .negativeHedge: "hedge(after: -1.0 seconds): time does not run backwards"
      case .wholeShare: "HedgeBudget(share: 1.5): a share lies between 0 and 1"
      case .negativeReserve: "HedgeBudget(reserve: -1): a reserve cannot be negative"
      case .negativePace: "pace(every: -1.0 seconds): time does not run backwards"
      case .noTimeForHeartbeat: "keepAlive(every: 0.0 seconds): the interval must be more than zero"
      case .noTimeForIdleGroups: "grouped(idle: 0.0 seconds): the interval must be more than zero"
      case .noCallOfFilter: "filterAsync(maxConcurrent: 0): at least one call must be let in"
      case .impossibleFailure: "impossible: #"
      case .tooMuch: "a stage delivered an element that was not asked for: check `room` first"
      case .secondConsumer:
        "a second next() on one iterator while the first waits: give each consumer its own iterator, or share()"
      }
    }

    private static let limiter = RateLimiter(1, every: .seconds(1), burst: 1)

    private static func makeBreaker(
      window: Int = 1, failureRate: Double = 1, minimumCalls: Int = 1, openFor: Duration = .zero,
      probes: Int = 1
    ) {
      _ = CircuitBreaker(
        window: window, failureRate: failureRate, minimumCalls: minimumCalls, openFor: openFor, probes: probes
      )
    }

    func make() async throws {
      let flow = Flow.just(1)
      switch self {
      case .requestOfNothing: flow.subscribe(demand: 0) { _ in }.request(0)
      case .requestOfLess: flow.subscribe(demand: 0) { _ in }.request(-1)
      case .negativeDemand: _ = FlowDemand(-1)
      case .emptyBuffer: _ = flow.buffer(0, whenFull: .backpressure)
      case .emptyCreate: _ = Flow<Int>.create(buffer: 0, whenFull: .fail) { _ in }
      case .emptyReceive: _ = flow.receive(on: .pool, buffer: 0)
      case .emptyShare: _ = flow.share(buffer: 0)
      case .emptySubject: _ = FlowSubject<Int>(buffer: 0, whenFull: .fail)
      case .negativeReplay: _ = flow.share(replay: -1)
      case .negativeReplayOfSubject: _ = FlowSubject<Int>(replay: -1, buffer: 1, whenFull: .fail)
      case .negativePrefix: _ = flow.prefix(-1)
      case .negativeDropFirst: _ = flow.dropFirst(-1)
      case .negativeRetry: _ = flow.retry(-1)
      case .negativeRepeat: _ = flow.repeat(-1)
      case .noAttempt: _ = RetryPolicy(maxAttempts: 0, backoff: .constant(.zero))
      case .negativeBackoff: _ = RetryPolicy(maxAttempts: 1, backoff: .constant(.seconds(-1)))
      case .emptyChunks: _ = flow.chunks(ofCount: 0)
      case .noFlow: _ = flow.flatMap(maxConcurrent: 0) { .just($0) }
      case .noCall: _ = flow.asyncMap(maxConcurrent: 0) { $0 }
      case .noOrderedFlow: _ = flow.flatMapOrdered(maxConcurrent: 0) { .just($0) }
      case .emptyChunked: _ = flow.chunked(ofCount: 0, orEvery: .seconds(1))
      case .noTimeForChunked: _ = flow.chunked(ofCount: 1, orEvery: .zero)
      case .emptySliding: _ = flow.sliding(0)
      case .noStep: _ = flow.sliding(1, step: 0)
      case .emptyWindow: _ = flow.window(ofCount: 0)
      case .noGroup: _ = flow.grouped(by: { $0 }, maxGroups: 0, atLimit: .fail)
      case .noDepth: _ = flow.expand(maxDepth: -1, limit: 1) { .just($0) }
      case .negativeElement: _ = try await flow.element(at: -1)
      case .negativeDelay: _ = flow.delay(for: .seconds(-1))
      case .negativeDebounce: _ = flow.debounce(for: .seconds(-1))
      case .negativeThrottle: _ = flow.throttle(for: .seconds(-1), edges: .both)
      case .negativeTimeout: _ = flow.timeout(idle: .seconds(-1))
      case .noInterval: _ = Flow.interval(every: .zero)
      case .noSampling: _ = flow.sample(every: .zero)
      case .noPermit: _ = Bulkhead(maxConcurrent: 0, maxWaiting: 0)
      case .negativeWaiting: _ = Bulkhead(maxConcurrent: 1, maxWaiting: -1)
      case .noRate: _ = RateLimiter(0, every: .seconds(1), burst: 1)
      case .noTimeForRate: _ = RateLimiter(1, every: .zero, burst: 1)
      case .emptyBucket: _ = RateLimiter(1, every: .seconds(1), burst: 0)
      case .noWeight: _ = flow.rateLimited(Self.limiter, weight: 0, whenExceeded: .wait)
      case .negativeRemainder: Self.limiter.update(remaining: -1)
      case .negativeSpending: Self.limiter.spend(-1)
      case .noWindow: Self.makeBreaker(window: 0)
      case .noFailureRate: Self.makeBreaker(failureRate: 0)
      case .noCalls: Self.makeBreaker(minimumCalls: 2)
      case .negativeOpening: Self.makeBreaker(openFor: .seconds(-1))
      case .noProbe: Self.makeBreaker(probes: 0)
      case .noAttemptOfHedge: _ = flow.hedge(after: .seconds(1), max: 0)
      case .negativeHedge: _ = flow.hedge(after: .seconds(-1), max: 2)
      case .wholeShare: _ = HedgeBudget(share: 1.5, reserve: 1)
      case .negativeReserve: _ = HedgeBudget(share: 0.5, reserve: -1)
      case .negativePace: _ = flow.pace(every: .seconds(-1))
      case .noTimeForHeartbeat: _ = flow.keepAlive(every: .zero) { 1 }
      case .noTimeForIdleGroups: _ = flow.grouped(by: { $0 }, maxGroups: 1, atLimit: .fail, idle: .zero)
      case .noCallOfFilter: _ = flow.filterAsync(maxConcurrent: 0) { _ in true }
      case .impossibleFailure:
        try await Flow<Int>.fail(MarbleError()).assertNoFailure("impossible").drain()
      case .tooMuch:
        let greedy = Flow<Int> { _ in
          { room in
            for number in 0... { room.append(number) }
            return .more
          }
        }
        _ = try await greedy.first()
      case .secondConsumer:
        let cursor = Flow<Int>.never().values.makeAsyncIterator().cursor
        async let first = cursor.next(isolation: nil)
        async let second = cursor.next(isolation: nil)
        _ = try await (first, second)
      }
    }
  }

  @Test(arguments: Mistake.allCases)
  func `a mistake traps with a message that names the call`(mistake: Mistake) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [mistake] in
      try await mistake.make()
    }
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains(mistake.message))
  }

  /// Operators with a closure that throws at the third element.
  enum Thrower: CaseIterable {
    case map, compactMap, filter, scan, flatMap, concatMap, asyncMap, removeDuplicates, drop, prefix, onValue

    func apply(to source: Flow<Int>) -> Flow<Int> {
      let check: @Sendable (Int) throws -> Int = { number in
        if number == 3 { throw MarbleError() }
        return number
      }
      switch self {
      case .map: return source.map(check)
      case .compactMap: return source.compactMap(check)
      case .filter: return source.filter { try check($0) > 0 }
      case .scan: return source.scan(0) { try check($1) }
      case .flatMap: return source.flatMap(maxConcurrent: 2) { .just(try check($0)) }
      case .concatMap: return source.concatMap { .just(try check($0)) }
      case .asyncMap: return source.asyncMap { try check($0) }
      case .removeDuplicates: return source.removeDuplicates { try check($1) == $0 }
      case .drop: return source.drop { try check($0) < 1 }.map(check)
      case .prefix: return source.prefix { try check($0) < 9 }
      case .onValue: return source.onValue { _ = try check($0) }
      }
    }
  }

  @Test(arguments: Thrower.allCases)
  func `a closure that throws cancels upstream, and fails the flow once, after what was accepted`(
    operation: Thrower
  ) throws {
    let time = VirtualTime()
    let source = TestFlow<Int>()
    let seen = operation.apply(to: source.flow).record(in: time)
    for number in 1...5 {
      source.send(number)
      time.advance(by: .milliseconds(1))
    }
    source.fail()
    time.run()
    try seen.expect(1, 2)
    try seen.expectFailure(MarbleError.self)
    try seen.done()
    #expect(seen.violations == [] && source.cancellations == 1)
    try source.expectReleased()
  }

  /// Counts to a million, and changes nothing.
  private let million = Flow.from(1...1_000_000).map { $0 + 1 }.filter { $0 > 0 }.scan(0) { $1 - 1 }

  @Test func `a million synchronous elements overflow no stack`() async throws {
    let sum = Counter()
    let subscription = million.subscribe { sum.add($0) }
    #expect(subscription.isEnded)
    #expect(sum.count == 500_000_500_000)
    #expect(try await million.reduce(0, +) == 500_000_500_000)
  }

  @Test func `nor do a million requests, each made in the callback of the element before`() {
    let sum = Counter()
    let handle = Box<FlowSubscription?>(nil)
    let subscription = million.subscribe(demand: 0) { number in
      sum.add(number)
      handle.value?.request(1)
    }
    handle.value = subscription
    subscription.request(1)
    #expect(subscription.isEnded)
    #expect(sum.count == 500_000_500_000)
    handle.value = nil
  }
}
