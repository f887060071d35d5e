// Tests and diagrams that the documentation shows, letter for letter.
import FlowTesting
import Flows
import Testing

@Suite struct SearchTests {
  @Test func `asks when the typing stops`() throws {
    try marbles(
      """
      typed     -s-w-i-----f-|
      debounce  --------i----(f|)
      """
    ) { $0["typed"].debounce(for: .milliseconds(3)) }
  }
}

@Suite struct ShownTests {
  // MARK: Testing with time

  @Test func `a search waits for the typing to stop, and the newest one counts`() throws {
    try marbles(
      """
      typed   -a-b---------c---------|
      result  ---------b---------c---|
      """
    ) { sources in
      sources["typed"].debounce(for: .milliseconds(2))
        .flatMapLatest { text in Flow.just(text).delay(for: .milliseconds(4)) }
    }
  }

  @Test func `nothing is fetched that nobody has asked for`() throws {
    try marbles(
      """
      pages        abc|
      asked pages  1--1--
      result       a--b--
      demand       1--1--
      """
    ) { $0["pages"].filter { _ in true } }
  }

  @Test func `an answer that stalls is given up`() throws {
    let time = VirtualTime()
    let tokens = TestFlow<String>()
    let seen = tokens.flow.timeout(first: .seconds(20), idle: .seconds(5)).record(in: time)
    time.advance(by: .seconds(19))
    tokens.send("Once")
    try seen.expect("Once", at: .seconds(19))
    time.advance(by: .seconds(4))
    try seen.expectNothing()
    time.advance(by: .seconds(1))
    try seen.expectFailure(FlowTimeoutError.self)
    try seen.done()
    try tokens.expectReleased()
  }

  @Test func `four attempts with growing delays take seven seconds`() throws {
    let time = VirtualTime()
    let attempts = Flow<String>.fail(MarbleError())
    let doubling = RetryPolicy.Backoff.exponential(initial: .seconds(1), factor: 2, max: .seconds(60))
    let policy = RetryPolicy(maxAttempts: 4, backoff: doubling)
    #expect(throws: RetryExhausted.self) {
      try time.run { try await attempts.retry(policy).collect() }
    }
    #expect(time.now == FlowInstant(nanoseconds: 7_000_000_000))
  }

  @Test func `an answer that breaks off is begun anew`() throws {
    let time = VirtualTime()
    let tokens = TestFlow<String>(
      "tokens", in: time,
      runs: [.wait(.milliseconds(300)), .send("Once", "upon", every: .milliseconds(20)), .fail()],
      [.send("Once", "upon", "a", "time"), .finish])
    try tokens.flow.retry(1, after: .anything).test(in: time) { seen in
      try seen.expectNothing(for: .milliseconds(319))
      time.advance(by: .milliseconds(21))
      try seen.expect("Once", at: .milliseconds(320))
      try seen.expect("upon", "Once", "upon", "a", "time", at: .milliseconds(340))
      try seen.expectFinished()
    }
    try tokens.expectReleased()
  }

  // MARK: Demand

  @Test func `a slow consumer slows its source down`() throws {
    try marbles(
      """
      source        abcd|
      asked source  1--1--1--1
      map           A--B--C--(D|)
      demand        1--1--1--1
      """
    ) { $0["source"].map { $0.uppercased() } }
  }

  @Test func `an element that is dropped is made up for by another one`() throws {
    try marbles(
      """
      source          1234567|
      asked source    2----2----
      filter { even } -2---4----
      demand          1----1----
      """
    ) { $0.ints("source").filter { $0 % 2 == 0 } }
  }

  @Test func `several sources are asked for no more, each, and take turns`() throws {
    try marbles(
      """
      a        123|
      asked a  1---1---1-----
      b        456|
      merge    1-4-2-5-3-(6|)
      demand   1-1-1-1-1-1
      """
    ) { $0["a"].merge(with: $0["b"]) }
  }

  @Test func `one that stops early never asks for what it will not deliver`() throws {
    try marbles(
      """
      source        -a-b-(c!)
      asked source  3----
      prefix(3)     -a-b-(c|)
      """
    ) { $0["source"].prefix(3) }
  }

  @Test func `a buffer lets its source be ahead, and no further`() throws {
    try marbles(
      """
      source           abcdef|
      asked source     3---1-1-
      buffer(2, wait)  a---b-c-
      demand           1---1-1-
      """
    ) { $0["source"].buffer(2, whenFull: .backpressure) }
  }

  @Test func `what is due and not asked for waits`() throws {
    try marbles(
      """
      source        -a-b-----------|
      asked source  *
      debounce(3)   ----------b----|
      demand        ----------1----
      """
    ) { $0["source"].debounce(for: .milliseconds(3)) }
  }
}
