// The laws of Begin.
import FlowTesting
import Flows

enum BeginRows {
  static let all: [LawRow] = [
    .source("from(collection)") { _ in .from([1, 2, 3]) },
    .source("from(sequence)", ends: .whenAsked) { _ in .from(sequence(first: 1) { $0 < 5 ? $0 + 1 : nil }) },
    .source("from(asynchronous sequence)", ends: .whenAsked) { _ in
      Flow<Int>.from(Flow.from(1...5).values)
    },
    .source("flow") { _ in [1, 2, 3].flow },
    .source("just") { _ in .just(1) },
    .source("empty") { _ in Flow<Int>.empty() },
    .source("never", ends: .never) { _ in Flow<Int>.never() },
    .source("fail") { _ in Flow<Int>.fail(MarbleError()) },
    .source("create") { law in
      Flow<Int>.create(buffer: 8, whenFull: .fail) { emitter in
        for element in 1...5 { emitter.yield(try law.call(element)) }
        emitter.finish()
      }
    },
    .source("deferred") { law in .deferred { .just(try law.call(1)) } },
    .source("generate", ends: .whenAsked) { law in
      .generate(0) { state in
        state += 1
        return state > 5 ? nil : try law.call(state)
      }
    },
    .source("future") { law in .future { try law.call(1) } },
    .source("fromCallback", ends: .whenAsked) { law in
      .fromCallback { completion in
        completion(.success(try law.call(1)))
        return { law.note(()) }
      }
    },
    .source("produce", ends: .whenAsked) { law in
      .produce { writer in for element in 1...5 { try await writer.send(try law.call(element)) } }
    },
    .source("timer") { _ in .timer(after: .milliseconds(3)) },
    .source("interval", delivers: .someElements, ends: .never) { _ in .interval(every: .milliseconds(3)) },
    .source("using") { law in
      .using({ try law.call(1) }, release: { _ = law.note($0) }, { .from([$0, $0 + 1]) })
    },
  ]
}
