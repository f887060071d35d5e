// The laws of Finish.
import FlowTesting
import Flows
import Foundation

enum FinishRows {
  static let all: [LawRow] = tasks + callbacks + threads

  /// Those that are awaited: see `LawRow.terminal`.
  private static let tasks: [LawRow] = [
    .terminal("values", asks: .whatIsAsked) { source, law in
      var sum = 0
      for try await element in source.values { sum += try law.call(element) }
      return sum
    },
    .terminal("collect") { source, _ in try await source.collect() },
    .terminal("collect(into:)") { source, _ in
      var all = [0]
      try await source.collect(into: &all)
      return all
    },
    .terminal("contains", asks: .whatIsAsked) { source, law in
      try await source.contains { try law.call($0) > 4 }
    },
    .terminal("allSatisfy", asks: .whatIsAsked) { source, law in
      try await source.allSatisfy { try law.call($0) < 5 }
    },
    .terminal("isEmpty", asks: .whatIsAsked) { source, _ in try await source.isEmpty() },
    .terminal("sequenceEqual", asks: .whatIsAsked) { source, law in
      try await source.sequenceEqual(.from(1...5)) { try law.call($0) == $1 }
    },
    .terminal("min") { source, law in try await source.min { try law.call($0) < $1 } },
    .terminal("max") { source, law in try await source.max { try law.call($0) < $1 } },
    .terminal("count") { source, _ in try await source.count() },
    .terminal("drain") { source, _ in try await source.drain() },
    .terminal("first", asks: .whatIsAsked) { source, _ in try await source.first() },
    .terminal("first(where:)", asks: .whatIsAsked) { source, law in
      try await source.first { try law.call($0) > 4 }
    },
    .terminal("element", asks: .whatIsAsked) { source, _ in try await source.element(at: 4) },
    .terminal("forEach") { source, law in try await source.forEach { _ = try law.call($0) } },
    .terminal("forEach(awaiting)", asks: .whatIsAsked) { source, law in
      try await source.forEach { (element: Int) async throws in
        _ = try law.call(element)
        await Task.yield()
      }
    },
    .terminal("last") { source, _ in try await source.last() },
    .terminal("reduce") { source, law in try await source.reduce(0) { $0 + (try law.call($1)) } },
    .terminal("reduce(into:)") { source, law in
      try await source.reduce(into: []) { $0.append(try law.call($1)) }
    },
    // Of sources with one element it answers that; with others it fails.
    .terminal("value", asks: .whatIsAsked) { source, _ in try await source.value },
    .terminal("value(of one)", asks: .whatIsAsked) { source, law in
      try await source.map { try law.call($0) }.prefix(1).value
    },
    .terminal("promise", asks: .whatIsAsked) { source, _ in try await kept(source.promise()) },
    .terminal("promise(of one)", asks: .whatIsAsked) { source, law in
      try await kept(source.map { try law.call($0) }.prefix(1).promise())
    },
  ]

  /// Waits for a promise, which is cancelled with the task that waits.
  private static func kept(_ promise: Promise<Int>) async throws -> Int {
    try await withTaskCancellationHandler {
      try await promise.value
    } onCancel: {
      promise.cancel()
    }
  }

  /// Those that call: what they are told becomes a flow again.
  private static let callbacks: [LawRow] = [
    calling("subscribe", asks: .withoutLimit) { source, law, emitter in
      let subscription = source.subscribe {
        emitter.yield(try law.call($0))
      } onEnd: {
        emitter.end($0)
      }
      emitter.onCancel { subscription.cancel() }
    },
    calling("subscribe(demand:)", asks: .whatIsAsked) { source, law, emitter in
      let meter = Meter()
      let subscription = source.subscribe(demand: 0) { element in
        meter.outstanding -= 1
        emitter.yield(try law.call(element))
      } onEnd: {
        emitter.end($0)
      }
      emitter.onCancel { subscription.cancel() }
      emitter.onRequest {
        let more = emitter.demand - meter.outstanding
        if more <= 0 { return }
        meter.outstanding += more
        subscription.request(more)
      }
    },
    calling("subscribe(initialDemand:)", asks: .ahead(1)) { source, law, emitter in
      let subscription = source.subscribe(initialDemand: 1) { element in
        emitter.yield(try law.call(element))
        return 1
      } onEnd: {
        emitter.end($0)
      }
      emitter.onCancel { subscription.cancel() }
    },
    calling("subscribe(delegate:)", asks: .withoutLimit) { source, law, emitter in
      let delegate = Delegate(emitter, law)
      let subscription = source.subscribe(delegate: delegate)
      emitter.onCancel { withExtendedLifetime(delegate) { subscription.cancel() } }
    },
  ]

  private static func calling(
    _ name: String, asks: LawRow.Asking,
    _ subscribe: @escaping @Sendable (Flow<Int>, LawProbe, FlowEmitter<Int>) -> Void
  ) -> LawRow {
    .operator(name, asks: asks) { source, law in
      Flow { context in
        let heard = source.onDiscard(of: Int.self) { context.discard($0, $1) }
        return Flow.create(buffer: .max, whenFull: .fail) { subscribe(heard, law, $0) }.start(in: context)
      }
    }
  }

  /// What was asked for and has not come. Everything happens on one thread.
  private final class Meter: @unchecked Sendable {
    var outstanding = 0
  }

  private final class Delegate: FlowDelegate {
    private let emitter: FlowEmitter<Int>
    private let law: LawProbe

    init(_ emitter: FlowEmitter<Int>, _ law: LawProbe) {
      self.emitter = emitter
      self.law = law
    }

    func flowDelivered(_ element: Int) throws { emitter.yield(try law.call(element)) }
    func flowEnded(_ end: FlowEnd) { emitter.end(end) }
  }

  /// Those that block. Virtual time has one thread, which must not wait for itself: here they have sources that are
  /// there at once, on a thread of their own; how they wait is shown in real time.
  private static let threads: [LawRow] = [
    blocking("blockingFirst") { try $0.blockingFirst() ?? 0 },
    blocking("blockingLast") { try $0.blockingLast() ?? 0 },
    blocking("blockingValue") { try $0.prefix(1).blockingValue() },
    blocking("blockingCollect") { try $0.blockingCollect().count },
    blocking("blockingReduce") { try $0.blockingReduce(0, +) },
    blocking("blockingForEach") { flow in
      var sum = 0
      try flow.blockingForEach { sum += $0 }
      return sum
    },
  ]

  private static func blocking(
    _ name: String, _ run: @escaping @Sendable (Flow<Int>) throws -> Int
  ) -> LawRow {
    .source(name) { law in
      .deferred {
        let flow = Box<Flow<Int>?>(Flow.from(1...10).map { try law.call($0) })
        let (result, isDone) = (Box<Result<Int, any Error>?>(nil), DispatchSemaphore(value: 0))
        Thread {
          // The thread holds nothing when it says that it is done.
          if let flow = flow.change({ $0.take() }) { result.value = Result { try run(flow) } }
          isDone.signal()
        }.start()
        isDone.wait()
        return .just(try result.value!.get())
      }
    }
  }
}

extension FlowEmitter {
  fileprivate func end(_ end: FlowEnd) {
    switch end {
    case .finished: finish()
    case .failed(let error): fail(error)
    }
  }
}
