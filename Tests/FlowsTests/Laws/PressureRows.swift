// The laws of Pressure.
import FlowTesting
import Flows

enum PressureRows {
  static let all: [LawRow] = [
    .operator("buffer(backpressure)", asks: .ahead(3)) { source, _ in
      source.buffer(3, whenFull: .backpressure)
    },
    .operator("buffer(dropNewest)", asks: .withoutLimit, delivers: .someElements) { source, _ in
      source.buffer(3, whenFull: .dropNewest)
    },
    .operator("buffer(dropOldest)", asks: .withoutLimit, delivers: .someElements) { source, _ in
      source.buffer(3, whenFull: .dropOldest)
    },
    .operator("buffer(reduce)", asks: .withoutLimit, delivers: .someElements) { source, law in
      source.buffer(3, whenFull: .reduce { $0 + (try law.call($1)) })
    },
    .operator("buffer(fail)", asks: .withoutLimit, delivers: .someElements, failures: .handled) { source, _ in
      source.buffer(20, whenFull: .fail)
    },
    .operator("receive(on:)") { source, law in source.receive(on: law.time) },
    .operator("receive(on:buffer:)", asks: .ahead(4)) { source, law in source.receive(on: law.time, buffer: 4)
    },
    .operator("receive(on:errors: .immediate)", delivers: .someElements, failures: .overtaking) {
      source, law in
      source.receive(on: law.time, errors: .immediate)
    },
    .operator("subscribe(on:)") { source, law in source.subscribe(on: law.time) },
    .operator("limitRequest") { source, _ in source.limitRequest(5) },
    .operator("rebatch", asks: .ahead(5)) { source, _ in source.rebatch(high: 5, low: 2) },
    .operator("parallel", asks: .ahead(6), delivers: .inAnyOrder) { source, law in
      source.parallel(3, on: law.time, buffer: 2) { rail in rail.map { try law.call($0) } }
    },
    .operator("conflate", asks: .withoutLimit, delivers: .someElements) { source, law in
      source.conflate { $0 + (try law.call($1)) }
    },
    .operator("latest", asks: .withoutLimit, delivers: .someElements) { source, _ in source.latest() },
  ]
}
