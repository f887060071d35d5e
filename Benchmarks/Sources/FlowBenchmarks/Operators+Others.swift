// The rows of the other words, and why some operators have none.
import Flows

let combineRows: [OperatorRow] = [
  row("merge", .boundary) {
    2 &* sumByHand($0)
  } _: {
    $0.merge(with: $0)
  },
  row("zip", .inline) {
    (0..<$0).reduce(0) { $0 &+ ($1 ^ 5 &* $1) }
  } _: { flow in
    flow.zip(flow).map { $0 ^ 5 &* $1 }
  },
  row("combineLatest", .inline) { count in
    2 &* count - 1
  } _: { flow in
    flow.combineLatest(.just(1)).map { $0 &+ $1 }.suffix(1).map { 2 &* $0 - 1 }
  },
  row("append", .inline) {
    sumByHand($0) + 7
  } _: {
    $0.append(.just(7))
  },
  row("prepend", .inline) {
    sumByHand($0) + 7
  } _: {
    $0.prepend(.just(7))
  },
  row("concat", .inline) {
    2 &* sumByHand($0)
  } _: {
    .concat([$0, $0])
  },
  row("race", .inline, sumByHand) { $0.race(with: .never()) },
  row("hedge", .inline, sumByHand) { $0.hedge(after: .seconds(3_600), max: 2) },
  row("gate", .inline, sumByHand) { $0.gate(by: .just(true)) },
  row("withLatest", .inline) {
    sumByHand($0) &+ $0
  } _: {
    $0.withLatest(from: .just(1)).map { $0 &+ $1 }
  },
]

let otherRows: [OperatorRow] = [
  row("timeout", .inline, sumByHand) { $0.timeout(idle: .seconds(3_600)) },
  row("delaySubscription", .inline, sumByHand) { $0.delaySubscription(for: .zero) },
  row("buffer(64)", .boundary, sumByHand) { $0.buffer(64, whenFull: .backpressure) },
  row("rebatch", .boundary, sumByHand) { $0.rebatch(high: 64, low: 16) },
  row("limitRequest", .inline, sumByHand) { $0.limitRequest(1_000_000) },
  row("latest", .boundary) {
    $0 - 1
  } _: {
    $0.latest().suffix(1)
  },
  row("conflate", .boundary, sumByHand) { $0.conflate { $0 &+ $1 } },
  row("receive(on:buffer:)", .boundary, sumByHand) { $0.receive(on: SystemScheduler.shared, buffer: 256) },
  row("subscribe(on:)", .boundary, sumByHand) { $0.subscribe(on: SystemScheduler.shared) },
  row("catch", .inline, sumByHand) { $0.catch { _ in .empty() } },
  row("replaceError", .inline, sumByHand) { $0.replaceError(with: 7) },
  row("assertNoFailure", .inline, sumByHand) { $0.assertNoFailure() },
  row("mapError", .inline, sumByHand) { $0.mapError { $0 } },
  row("errorBoundary", .inline, sumByHand) { $0.errorBoundary(label: "part") { _ in .complete } },
  row("retry", .inline, sumByHand) { $0.retry(3) },
  row("fallback", .inline, sumByHand) { $0.fallback(to: [.just(7)]) },
  row("repeat", .inline, sumByHand) { $0.repeat(1) },
  row("circuitBreaker", .inline, sumByHand) {
    $0.circuitBreaker(CircuitBreaker(window: 100, failureRate: 1, minimumCalls: 100, openFor: .seconds(1)))
  },
  row("bulkhead", .inline, sumByHand) { $0.bulkhead(Bulkhead(maxConcurrent: 100, maxWaiting: 0)) },
  row("rateLimited", .inline, sumByHand) {
    $0.rateLimited(RateLimiter(1, every: .milliseconds(1), burst: 100), whenExceeded: .fail)
  },
  row("share", .boundary, sumByHand) { $0.share(buffer: 64) },
  row("multicast", .boundary, sumByHand) { $0.multicast(buffer: 64).autoconnect() },
  row("named", .inline, sumByHand) { $0.named("numbers") },
  row("scheduler", .inline, sumByHand) { $0.scheduler(SystemScheduler.shared) },
  row("handleEvents", .inline, sumByHand) { $0.handleEvents(receiveOutput: { _ in }) },
  row("onValue", .inline, sumByHand) { $0.onValue { _ in } },
  row("onError", .inline, sumByHand) { $0.onError { _ in } },
  row("onCompletion", .inline, sumByHand) { $0.onCompletion {} },
  row("onCancel", .inline, sumByHand) { $0.onCancel {} },
  row("onRequest", .inline, sumByHand) { $0.onRequest { _ in } },
  row("checkpoint", .inline, sumByHand) { $0.checkpoint("here") },
  row("tagged", .inline, sumByHand) { $0.tagged("key", "value") },
  row("metrics", .inline, sumByHand) { $0.metrics { _ in } },
  row("finally", .inline, sumByHand) { $0.finally { _ in } },
  row("onDiscard", .inline, sumByHand) { $0.onDiscard(of: Int.self) { _, _ in } },
  row("onDrop", .inline, sumByHand) { $0.onDrop(of: Int.self) { _ in } },
  row("carrying", .inline, sumByHand) { $0.carrying(Tag.$name) },
  row("withValue", .inline, sumByHand) { $0.withValue(7, for: TagKey.self) },
]

private enum Tag { @TaskLocal static var name = "" }
private struct TagKey: FlowContextKey { static let defaultValue = 0 }

let finishRows: [OperatorRow] = [
  terminal("reduce", sumByHand) { try await $0.reduce(0, &+) },
  terminal("count", { $0 }) { try await $0.count() },
  terminal("last", { $0 - 1 }) { try await $0.last() ?? 0 },
  terminal("collect") {
    Array(0..<$0).count
  } _: {
    try await $0.collect().count
  },
  terminal("drain", { _ in 0 }) { flow in
    try await flow.drain()
    return 0
  },
  terminal("contains", { _ in 0 }) { try await $0.contains { $0 < 0 } ? 1 : 0 },
  terminal("allSatisfy", { _ in 1 }) { try await $0.allSatisfy { $0 >= 0 } ? 1 : 0 },
  terminal("min", { _ in 0 }) { try await $0.min() ?? 1 },
  terminal("max", { $0 - 1 }) { try await $0.max() ?? 1 },
  terminal("forEach", sumByHand) { flow in
    var sum = 0
    try await flow.forEach { sum &+= $0 }
    return sum
  },
  terminal("values", sumByHand) { flow in
    var sum = 0
    for try await number in flow.values { sum &+= number }
    return sum
  },
]

/// Operators without a row: what they cost is not a cost per element, or cannot be told apart from something else.
let unmeasured: [String: String] = {
  let time = "passes with the time that it waits for"
  let source = "a source; what a source costs is in every row, and in `pipeline`"
  let one = "comes to one element, or none"
  let texts = "costs what its texts cost"
  let elsewhere = "has a benchmark of its own"
  let thread = "a thread sleeps beside it"
  let tasks = "costs what the tasks of the runtime cost"
  var all: [String: String] = [:]
  func say(_ reason: String, _ names: String...) { for name in names { all[name] = reason } }
  say(time, "debounce", "throttle", "sample", "delay", "timestamped", "measureInterval", "chunks(signal:)")
  say(time, "pace", "keepAlive", "deadline", "interval", "timer")
  say(source, "from", "flow", "just", "empty", "never", "fail", "create", "deferred", "generate", "future")
  say(source, "produce", "using", "reading", "fromCallback")
  say(one, "first", "isEmpty", "element", "value", "promise", "blockingFirst", "blockingLast")
  say(one, "blockingValue")
  say(texts, "print", "trace")
  say("costs what its tracer costs", "traced")
  say("stops for a person", "breakpoint", "breakpointOnError")
  say(thread, "blockingCollect", "blockingReduce", "blockingForEach")
  say(tasks, "asyncMap", "tee", "parallel")
  say(time, "elapsed")
  say(one, "allLast", "sequenceEqual", "single")
  say(texts, "encode", "decode")
  say(tasks, "filterAsync", "asyncStream", "asyncThrowingStream")
  say("costs what its subscriber costs", "assign")
  say(elsewhere, "subscribe")
  return all
}()
