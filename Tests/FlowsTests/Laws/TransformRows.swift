// The laws of Transform.
import FlowTesting
import Flows

enum TransformRows {
  static let all: [LawRow] = [
    .operator("map") { source, law in source.map { try law.call($0) * 2 } },
    .operator("compactMap") { source, law in source.compactMap { try law.call($0) % 3 == 0 ? $0 : nil } },
    .operator("scan") { source, law in source.scan(0) { $0 + (try law.call($1)) } },
    .operator("reductions") { source, law in source.reductions(0) { $0 + (try law.call($1)) } },
    .operator("reductions(into:)") { source, law in source.reductions(into: 0) { $0 += try law.call($1) } },
    .operator("flatMap(maxConcurrent: 1)") { source, law in
      source.flatMap(maxConcurrent: 1) { .from([try law.call($0), -$0]) }
    },
    .operator("flatMap(maxConcurrent: 3)", asks: .ahead(3), delivers: .inAnyOrder) { source, law in
      source.flatMap(maxConcurrent: 3) { .from([try law.call($0), -$0]) }
    },
    .operator("concatMap", asks: .ahead(1)) { source, law in
      source.concatMap { .from([try law.call($0), -$0]) }
    },
    .operator("asyncMap", depth: .shallow) { source, law in source.asyncMap { try law.call($0) * 2 } },
    .operator("asyncMap(maxConcurrent: 3)", asks: .ahead(3), depth: .shallow) { source, law in
      source.asyncMap(maxConcurrent: 3) { try law.call($0) * 2 }
    },
    .operator(
      "asyncMap(maxConcurrent: 3, ordered: false)", asks: .ahead(3), delivers: .inAnyOrder, depth: .shallow
    ) {
      source, law in source.asyncMap(maxConcurrent: 3, ordered: false) { try law.call($0) * 2 }
    },
    .operator("switchToLatest", asks: .withoutLimit, delivers: .someElements) { source, law in
      source.map { .just(try law.call($0)) }.switchToLatest()
    },
    .operator("flatMapLatest", asks: .withoutLimit, delivers: .someElements) { source, law in
      source.flatMapLatest { .just(try law.call($0)) }
    },
    .operator("enumerated") { source, _ in source.enumerated().map { $0.offset * 100 + $0.element } },
    .operator("adjacentPairs") { source, _ in source.adjacentPairs().map { $0 + $1 } },
    .operator("interspersed", asks: .ahead(1)) { source, _ in source.interspersed(with: 0, every: 2) },
    .operator("chunks(ofCount: 3)", asks: .times(3)) { source, _ in source.chunks(ofCount: 3) },
    .operator("materialize", failures: .handled) { source, _ in source.materialize() },
    // An end among the elements is asked for like an element.
    .operator("dematerialize", ends: .whenAsked) { source, _ in
      source.materialize().dematerialize() as Flow<Int>
    },
  ]
}
