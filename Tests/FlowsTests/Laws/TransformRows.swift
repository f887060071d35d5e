// The laws of Transform.
import FlowTesting
import Flows

enum TransformRows {
  static let all: [LawRow] = [
    .operator("map") { source, law in source.map { try law.call($0) * 2 } },
    .operator("compactMap") { source, law in source.compactMap { try law.call($0) % 3 == 0 ? $0 : nil } },
    .operator("compacted") { source, _ in source.map { $0 % 3 == 0 ? $0 : nil }.compacted() },
    .operator("encode") { source, law in source.encode(by: Digits(law: law)) },
    .operator("decode") { source, law in
      source.map { "\($0)".utf8 }.decode(Int.self, by: Digits(law: law))
    },
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
    .operator("asyncMap(onError:)", failures: .passedOn, depth: .shallow) { source, law in
      source.asyncMap(onError: { error, _ in
        if error is MarbleError { return .skip }
        return .propagate
      }) { element -> Int in
        if element % 3 == 0 { throw MarbleError() }
        return try law.call(element)
      }
    },
    .operator("flatMap(failures: .atEnd)", asks: .ahead(3), delivers: .inAnyOrder) { source, law in
      source.flatMap(maxConcurrent: 3, failures: .atEnd) { .from([try law.call($0), -$0]) }
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
    .operator("flatMapOrdered(maxConcurrent: 3)", asks: .ahead(3)) { source, law in
      source.flatMapOrdered(maxConcurrent: 3) { .from([try law.call($0), -$0]) }
    },
    .operator("exhaustMap", asks: .withoutLimit, delivers: .someElements) { source, law in
      source.exhaustMap { .from([try law.call($0), -$0]) }
    },
    .operator("joined", asks: .ahead(1)) { source, _ in source.map { .from([$0, -$0]) }.joined() },
    .operator("joined(separator:)", asks: .ahead(1)) { source, _ in
      source.map { .from([$0, -$0]) }.joined(separator: [0])
    },
    .operator("joined(separator:), sequences", asks: .ahead(1)) { source, _ in
      source.map { [$0, -$0] }.joined(separator: [0])
    },
    .operator("expand") { source, law in
      source.expand(maxDepth: 2, limit: .max) {
        $0 % 2 == 0 ? .from([try law.call($0) / 2, $0 + 1]) : .empty()
      }
    },
    .operator("lines", asks: .ahead(1)) { source, _ in source.map { "\($0)\n\($0)" }.lines() },
    .operator("words", asks: .ahead(1)) { source, _ in source.map { "\($0) \($0)" }.words() },
    // The texts grow with the number of elements.
    .operator("accumulated", depth: .shallow) { source, _ in source.map { "\($0)" }.accumulated() },
    .operator("decodeUTF8") { source, _ in source.map { [UInt8(truncatingIfNeeded: 185 + $0)] }.decodeUTF8()
    },
    .operator("chunks(ofCount: 3)", asks: .times(3)) { source, _ in source.chunks(ofCount: 3) },
    .operator("chunked(by:)") { source, law in source.chunked { $0 / 3 == (try law.call($1)) / 3 } },
    .operator("chunked(on:)") { source, law in source.chunked(on: { try law.call($0) / 3 }) },
    .operator("chunked(until:)") { source, law in source.chunked(until: { try law.call($0) % 3 == 0 }) },
    .operator("chunked(ofCount: 3, orEvery:)", asks: .ahead(3), delivers: .someElements) { source, _ in
      source.chunked(ofCount: 3, orEvery: .milliseconds(2))
    },
    .operator("chunks(signal:)", asks: .withoutLimit, delivers: .someElements) { source, law in
      source.chunks(signal: Flow<FlowTick>.interval(every: .milliseconds(3)))
    },
    .operator("sliding(3)", asks: .times(3)) { source, _ in source.sliding(3) },
    .operator("sliding(2, step: 3)", asks: .times(3)) { source, _ in source.sliding(2, step: 3) },
    .operator("window(ofCount: 3)", asks: .ahead(2)) { source, _ in
      source.window(ofCount: 3).concatMap { $0 }
    },
    .operator("window(ofCount: 3, orEvery:)", asks: .ahead(2)) { source, _ in
      source.window(ofCount: 3, orEvery: .milliseconds(2)).concatMap { $0 }
    },
    // A failure does not wait for what waits in a window.
    .operator("window(by:)", asks: .ahead(2), failures: .overtaking) { source, law in
      source.window(by: { $0 / 3 == (try law.call($1)) / 3 }).concatMap { $0 }
    },
    .operator("window(until:), skipped", asks: .withoutLimit, delivers: .someElements) { source, law in
      source.window(until: { try law.call($0) % 3 == 0 }).concatMap { $0.prefix(1) }
    },
    .operator("window(signal:)", asks: .ahead(2), failures: .overtaking) { source, _ in
      source.window(signal: Flow<FlowTick>.interval(every: .milliseconds(3))).concatMap { $0 }
    },
    .operator("grouped", asks: .ahead(1), delivers: .inAnyOrder) { source, law in
      source.grouped(by: { try law.call($0) % 3 }, maxGroups: 3, atLimit: .fail)
        .flatMap(maxConcurrent: 3) { $0.flow }
    },
    .operator("grouped, evicting", asks: .ahead(1), delivers: .someElements) { source, law in
      source.grouped(by: { try law.call($0) % 3 }, maxGroups: 2, atLimit: .evictOldest)
        .flatMap(maxConcurrent: .max) { $0.flow }
    },
    .operator("grouped, idle", asks: .ahead(1), delivers: .someElements) { source, law in
      source.grouped(by: { try law.call($0) % 3 }, maxGroups: 3, atLimit: .fail, idle: .milliseconds(2))
        .flatMap(maxConcurrent: .max) { $0.flow }
    },
    .operator("switchOnFirst", asks: .ahead(1)) { source, law in
      source.switchOnFirst { first, flow -> Flow<Int> in
        _ = try law.call(first)
        return flow
      }
    },
    .operator("materialize", failures: .handled) { source, _ in source.materialize() },
    // An end among the elements is asked for like an element.
    .operator("dematerialize", ends: .whenAsked) { source, _ in
      source.materialize().dematerialize() as Flow<Int>
    },
  ]
}

/// Numbers as digits.
private struct Digits: FlowEncoder, FlowDecoder {
  let law: LawProbe

  func encode<Value: Encodable>(_ value: Value) throws -> [UInt8] { Array("\(try law.call(value))".utf8) }

  func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
    guard let value = Int(String(decoding: bytes, as: UTF8.self)) as? Value else { throw MarbleError() }
    return try law.call(value)
  }
}
