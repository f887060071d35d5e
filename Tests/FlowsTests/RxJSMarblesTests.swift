// Where libraries differ: what a reader of RxJS 7 expects, drawn. Where Flows means something else, the line above says so.
import FlowTesting
import Flows
import Testing

@Suite struct RxJSMarblesTests {
  // MARK: Time

  @Test func `debounceTime: each element begins the wait anew, also in the moment in which it ends`() throws {
    try marbles(
      """
      source    -a--bc--d---|
      debounce  ---a---c--d-|
      """
    ) { $0["source"].debounce(for: .milliseconds(2)) }
    try marbles(
      """
      source    -a-b-c-#
      debounce  -------#
      """
    ) { $0["source"].debounce(for: .milliseconds(3)) }
    try marbles(
      """
      source    -a-b|
      debounce  ----(b|)
      """
    ) { $0["source"].debounce(for: .milliseconds(2)) }
  }

  @Test func `throttleTime, leading`() throws {
    try marbles(
      """
      source    -a-x-y----b---x-cx---|
      throttle  -a--------b-----c----|
      """
    ) { $0["source"].throttle(for: .milliseconds(5), edges: .leading) }
  }

  @Test func `throttleTime, trailing: what it delivers begins the next window`() throws {
    try marbles(
      """
      source    -a-xy-----b-----|
      throttle  ------y----b----|
      """
    ) { $0["source"].throttle(for: .milliseconds(5), edges: .trailing) }
  }

  @Test func `throttleTime, both: a single element is delivered once`() throws {
    try marbles(
      """
      source    -a---------b-c----|
      throttle  -a---------b----c-|
      """
    ) { $0["source"].throttle(for: .milliseconds(5), edges: .both) }
  }

  @Test func `sampleTime: nothing without something new, and no last one`() throws {
    try marbles(
      """
      source  -a-b-----c-|
      sample  ----b------|
      """
    ) { $0["source"].sample(every: .milliseconds(4)) }
  }

  @Test func `timeout with each: the first element counts as one`() throws {
    try marbles(
      """
      source   ---a--b-----c|
      timeout  ---a--b---#
      """
    ) { $0["source"].timeout(idle: .milliseconds(4)) }
  }

  // MARK: Select

  @Test func `takeUntil: the notifier goes first, and its completion says nothing`() throws {
    try marbles(
      """
      source  -a-b-c-|
      other   ---x
      prefix  -a-|
      """
    ) { $0["source"].prefix(untilOutputFrom: $0["other"]) }
    try marbles(
      """
      source  -a-b-c-|
      other   ---|
      prefix  -a-b-c-|
      """
    ) { $0["source"].prefix(untilOutputFrom: $0["other"]) }
  }

  @Test func `skipUntil: a notifier that completes lets nothing pass`() throws {
    try marbles(
      """
      source  -a-b-c-|
      other   --x
      drop    ---b-c-|
      """
    ) { $0["source"].drop(untilOutputFrom: $0["other"]) }
    try marbles(
      """
      source  -a-b-c-|
      other   --|
      drop    -------|
      """
    ) { $0["source"].drop(untilOutputFrom: $0["other"]) }
  }

  @Test func `takeWhile inclusive, takeLast, skipLast, distinctUntilChanged`() throws {
    try marbles(
      """
      source  -1-2-3-1-|
      prefix  -1-2-(3|)
      """
    ) { $0.ints("source").prefix(while: { $0 < 3 }, inclusive: true) }
    try marbles(
      """
      source  -a-b-c|
      suffix  ------(bc|)
      """
    ) { $0["source"].suffix(2) }
    try marbles(
      """
      source    -a-b-c|
      dropLast  ---a-b|
      """
    ) { $0["source"].dropLast(1) }
    try marbles(
      """
      source            -a-a-b-a|
      removeDuplicates  -a---b-a|
      """
    ) { $0["source"].removeDuplicates() }
  }

  // MARK: Transform

  @Test func `bufferCount: the rest comes with completion, and not with a failure`() throws {
    try marbles(
      """
      source  -a-b-c-d-|
      chunks  -----x---(y|)
      """,
      results: ["x": "abc", "y": "d"]
    ) { $0["source"].chunks(ofCount: 3).map { $0.joined() } }
    try marbles(
      """
      source  -a-b-#
      chunks  -----#
      """
    ) { $0["source"].chunks(ofCount: 3).map { $0.joined() } }
  }

  @Test func `exhaustMap and switchMap: the last inner flow outlives the source`() throws {
    try marbles(
      """
      source      -a-b-|
      inner       1--2--3|
      exhaustMap  -1--2--3|
      """
    ) { sources in
      let inner = sources["inner"]
      return sources["source"].exhaustMap { _ in inner }
    }
    try marbles(
      """
      source         -a-b-|
      inner          1--2--3|
      flatMapLatest  -1-1--2--3|
      """
    ) { sources in
      let inner = sources["inner"]
      return sources["source"].flatMapLatest { _ in inner }
    }
  }

  @Test func `concatMap: the next begins in the moment in which the one before completes`() throws {
    try marbles(
      """
      source     -a-b-|
      inner      1--2|
      concatMap  -1--21--2|
      """
    ) { sources in
      let inner = sources["inner"]
      return sources["source"].concatMap { _ in inner }
    }
  }

  @Test func `mergeMap: a failure of one cancels the others, and the source`() throws {
    try marbles(
      """
      source   -a-b----!
      inner    1--2---#
      flatMap  -1-12-2-#
      """
    ) { sources in
      let inner = sources["inner"]
      return sources["source"].flatMap(maxConcurrent: .max) { _ in inner }
    }
  }

  @Test func `materialize: a failure is an element, and then comes completion`() throws {
    try marbles(
      """
      source       -a-#
      materialize  -x-(y|)
      """,
      results: ["x": "element", "y": "end"]
    ) { $0["source"].materialize().map { if case .element = $0 { "element" } else { "end" } } }
  }

  // MARK: Combine

  @Test func `zip: completes when nothing can be put together any more`() throws {
    try marbles(
      """
      a    -1-2-3!
      b    --a--b|
      zip  --x--y|
      """,
      results: ["x": "1a", "y": "2b"]
    ) { $0["a"].zip($0["b"]).map { $0 + $1 } }
    try marbles(
      """
      a    ---1---(2!)
      b    ab|
      zip  ---x---(y|)
      """,
      results: ["x": "1a", "y": "2b"]
    ) { $0["a"].zip($0["b"]).map { $0 + $1 } }
  }

  // RxJS waits for all sources to complete, though no row can come.
  @Test func `combineLatest: completes as soon as there can be no row`() throws {
    try marbles(
      """
      a              -1-!
      b              ---|
      combineLatest  ---|
      """
    ) { $0["a"].combineLatest($0["b"]).map { $0 + $1 } }
  }

  @Test func `withLatestFrom: drops what comes before the other, whose completion says nothing`() throws {
    try marbles(
      """
      source      -1-2--3-|
      other       --a-|
      withLatest  ---x--y-|
      """,
      results: ["x": "2a", "y": "3a"]
    ) { $0["source"].withLatest(from: $0["other"]).map { $0 + $1 } }
  }

  @Test func `forkJoin: the last of each, or nothing`() throws {
    try marbles(
      """
      a        -1-2-|
      b        --a---b-|
      allLast  --------(x|)
      """,
      results: ["x": "2b"]
    ) { Flow.allLast($0["a"], $0["b"]).map { $0 + $1 } }
    try marbles(
      """
      a        -1-!
      b        ---|
      allLast  ---|
      """
    ) { Flow.allLast($0["a"], $0["b"]).map { $0 + $1 } }
  }

  @Test func `race: completion and failure win, too`() throws {
    try marbles(
      """
      a     --!
      b     --|
      race  --|
      """
    ) { $0["a"].race(with: $0["b"]) }
  }

  // MARK: Recover

  @Test func `catchError, retry, repeat: the next begins in the same moment`() throws {
    try marbles(
      """
      source  -a-#
      other   b-|
      catch   -a-b-|
      """
    ) { sources in
      let other = sources["other"]
      return sources["source"].catch { _ in other }
    }
    try marbles(
      """
      source  -a-#
      retry   -a--a-#
      """
    ) { $0["source"].retry(1, after: .anything) }
    try marbles(
      """
      source  -a|
      repeat  -a-a|
      """
    ) { $0["source"].repeat(2) }
  }
}
