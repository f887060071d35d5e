// The laws of Select.
import FlowTesting
import Flows

private struct Emptiness: Error {}

enum SelectRows {
  static let all: [LawRow] = [
    .operator("filter") { source, law in source.filter { try law.call($0) % 2 == 0 } },
    .operator("prefix(0)") { source, _ in source.prefix(0) },
    .operator("prefix(3)") { source, _ in source.prefix(3) },
    .operator("prefix(20)") { source, _ in source.prefix(20) },
    .operator("prefix(while:)") { source, law in source.prefix(while: { try law.call($0) < 5 }) },
    .operator("prefix(while:inclusive:)") { source, law in
      source.prefix(while: { try law.call($0) < 5 }, inclusive: true)
    },
    .operator("dropFirst(3)") { source, _ in source.dropFirst(3) },
    .operator("drop(while:)") { source, law in source.drop(while: { try law.call($0) < 5 }) },
    .operator("removeDuplicates") { source, _ in source.map { $0 / 2 }.removeDuplicates() },
    .operator("removeDuplicates(by:)") { source, law in
      source.removeDuplicates { $0 / 2 == (try law.call($1)) / 2 }
    },
    .operator("ignoreOutput", asks: .withoutLimit) { source, _ in source.ignoreOutput() },
    .operator("replaceEmpty") { source, _ in source.replaceEmpty(with: 7) },
    .operator("switchIfEmpty") { source, law in
      source.switchIfEmpty {
        _ = try law.call(1)
        return .from([7, 8])
      }
    },
    .operator("failIfEmpty") { source, law in source.failIfEmpty(law.note(Emptiness())) },
    .operator("dropLast(2)", asks: .ahead(2)) { source, _ in source.dropLast(2) },
    .operator("prefix(untilOutputFrom:)", delivers: .someElements) { source, _ in
      source.prefix(untilOutputFrom: .timer(after: .milliseconds(3)))
    },
    .operator("prefix(untilOutputFrom: never)") { source, _ in
      source.prefix(untilOutputFrom: Flow<Int>.never())
    },
    .operator("drop(untilOutputFrom:)", delivers: .someElements) { source, _ in
      source.drop(untilOutputFrom: .timer(after: .milliseconds(3)))
    },
    .operator("drop(untilOutputFrom: just)") { source, _ in source.drop(untilOutputFrom: .just(0)) },
    .operator("ofType") { source, _ in
      source.map { ($0 % 2 == 0 ? $0 : "\($0)") as any Sendable }.ofType(Int.self)
    },
    .operator("filterAsync", depth: .shallow) { source, law in
      source.filterAsync { try law.call($0) % 2 == 0 }
    },
    .operator("suffix(3)", asks: .withoutLimit) { source, _ in source.suffix(3) },
    .operator("distinct") { source, law in source.distinct(by: { try law.call($0) / 2 }, limit: 5) },
  ]
}
