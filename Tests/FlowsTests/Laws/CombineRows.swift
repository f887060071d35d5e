// The laws of Combine.
import FlowTesting
import Flows

enum CombineRows {
  static let all: [LawRow] = [
    .operator("merge", delivers: .inAnyOrder) { source, _ in source.merge(with: .from([100, 200])) },
    .operator("merge(failures: .atEnd)", delivers: .inAnyOrder) { source, _ in
      source.merge(with: .from([100, 200]), failures: .atEnd)
    },
    .operator("allLast", asks: .withoutLimit, ends: .whenAsked) { source, _ in
      Flow.allLast([source, .from([100, 200])])
    },
    // A failure does not wait for elements that are not together yet.
    .operator("zip", failures: .overtaking) { source, _ in source.zip(.from(100..<200)) },
    .operator("zip(collection)", failures: .overtaking) { source, _ in Flow.zip([source, .from(100..<200)]) },
    .operator("combineLatest", asks: .withoutLimit, delivers: .someElements) { source, _ in
      source.combineLatest(.from([100, 200]))
    },
    .operator("combineLatest(everyChange)", asks: .ahead(1), delivers: .someElements) { source, _ in
      source.combineLatest(.from([100, 200]), backpressure: .everyChange)
    },
    .operator("append") { source, _ in source.append(.from([100, 200])) },
    .operator("prepend") { source, _ in source.prepend(.from([100, 200])) },
    .operator("concat") { source, _ in .concat([.just(100), source, .just(200)]) },
    .operator("race") { source, _ in source.race(with: .never()) },
    .operator("race(firstElement)") { source, _ in
      source.race(with: .empty(), .fail(MarbleError()), decidedBy: .firstElement)
    },
    .operator("hedge") { source, _ in source.hedge(after: .seconds(1), max: 2) },
    .operator("hedge(max:)", failures: .handled) { source, law in
      source.hedge(max: 2) { _ in try law.call(.seconds(1)) }
    },
    .operator("sample(on:)", asks: .withoutLimit, delivers: .someElements) { source, _ in
      source.sample(on: Flow<FlowTick>.interval(every: .milliseconds(3)), atEnd: .deliver)
    },
    .operator("gate") { source, _ in source.gate(by: .from([false, true])) },
    .operator("gate, opened later") { source, _ in
      source.gate(by: Flow.timer(after: .milliseconds(3)).map { _ in true }.prepend(.just(false)))
    },
    .operator("withLatest", delivers: .someElements) { source, _ in
      source.withLatest(from: .from([100, 200]))
    },
  ]
}
