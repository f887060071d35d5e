//: # Transform: what becomes of each element?
//: Pictures are drawn by running the operator, in virtual time. What a line prints stands behind the arrow.

import FlowTesting
import Flows

let numbers = Flow.from(1...5)

//: One in, one out.
try await print(numbers.map { $0 * $0 }.collect())  // → [1, 4, 9, 16, 25]

//: One in, one out or none.
try await print(Flow.from(["1", "two", "3"]).compactMap { Int($0) }.collect())  // → [1, 3]
try await print(Flow.from([1, nil, 3]).compacted().collect())  // → [1, 3]

//: What has been so far: sums, states, texts that grow.
try await print(numbers.scan(0) { $0 + $1 }.collect())  // → [1, 3, 6, 10, 15]
try await print(numbers.reductions(1) { $0 * $1 }.collect())  // → [1, 2, 6, 24, 120]
try await print(Flow.from("abc").reductions(into: "") { $0.append($1) }.collect())  // → ["a", "ab", "abc"]

//: With its number, with the one before, with something between.
try await print(Flow.from("abc").enumerated().map { "\($0)\($1)" }.collect())  // → ["0a", "1b", "2c"]
try await print(numbers.adjacentPairs().map { $1 * $0 }.collect())  // → [2, 6, 12, 20]
try await print(numbers.interspersed(with: 0, every: 2).collect())  // → [1, 2, 0, 3, 4, 0, 5]

//: Several into one.
try await print(numbers.chunks(ofCount: 2).collect())  // → [[1, 2], [3, 4], [5]]

//: Neighbours that belong together, that have something in common, up to one that ends them; overlapping ones.
let visits = Flow.from([1, 2, 4, 5, 7])
try await print(visits.chunked { $0 + 1 == $1 }.collect())  // → [[1, 2], [4, 5], [7]]
let sevens = visits.chunked(on: { $0 == 7 }).map { $1 }
try await print(sevens.collect())  // → [[1, 2, 4, 5], [7]]
try await print(visits.chunked(until: { $0 > 3 }).collect())  // → [[1, 2, 4], [5], [7]]
try await print(visits.sliding(3).collect())  // → [[1, 2, 4], [2, 4, 5], [4, 5, 7]]

//: So many, or those that came in time; those that came until somebody says so.
try print(
  draw(
    """
    token     -abcd-------e----|
    chunked
    """
  ) { $0["token"].chunked(ofCount: 3, orEvery: .milliseconds(4)).map { "\($0.count)" } })
// → token    -abcd-------e----|
// → chunked  ---3----1-------1|
try print(
  draw(
    """
    token   -a-b-c----d--|
    signal  ----s---s---s-
    chunks
    """
  ) { $0["token"].chunks(signal: $0["signal"]).map { "\($0.count)" } })
// → token   -a-b-c----d--|
// → signal  ----s---s---s-
// → chunks  ----2---1---1|

//: The same as flows, for parts that are too long to be held.
let windows = numbers.window(ofCount: 2)
try await print(windows.concatMap { $0.scan(0) { $0 + $1 } }.collect())  // → [1, 3, 3, 7, 5]

//: A flow for everything that has something in common.
let byParity = numbers.grouped(by: { $0 % 2 }, maxGroups: 2, atLimit: .fail)
let sums = byParity.flatMap(maxConcurrent: 2) { group in group.flow.scan(0) { $0 + $1 }.suffix(1) }
try await print(sums.collect().sorted())  // → [6, 9]

//: The pipeline that suits what comes first.
let answer = Flow.from(["text", "a", "b"]).switchOnFirst { first, flow -> Flow<String> in
  if case .element("text") = first { flow.dropFirst() } else { .empty() }
}
try await print(answer.collect())  // → ["a", "b"]

//: An asynchronous function. Calls run at the same time when you say so, and keep their order unless you say not.
func doubled(_ number: Int) async throws -> Int { number * 2 }
try await print(numbers.asyncMap(maxConcurrent: 3) { try await doubled($0) }.collect())  // → [2, 4, 6, 8, 10]

//: A call that fails may be skipped.
struct NoCall: Error {}
let calls = numbers.asyncMap(onError: { _, _ in .skip }) { number async throws -> Int in
  if number == 2 { throw NoCall() }
  return number
}
try await print(calls.collect())  // → [1, 3, 4, 5]

//: Each element becomes a flow. One after the other:
try await print(Flow.from([1, 2]).concatMap { Flow.from([$0, $0 * 10]) }.collect())  // → [1, 10, 2, 20]

//: So many at a time, whatever comes first:
try print(
  draw(
    """
    source      -a--b-c-------|
    flatMap(2)
    """
  ) { $0["source"].flatMap(maxConcurrent: 2) { .just($0).append(.just($0).delay(for: .milliseconds(4))) } })
// → source      -a--b-c-------|
// → flatMap(2)  -a--bac-b-c---|

//: Several at a time, and yet in order.
let ordered = Flow.from([1, 2]).flatMapOrdered(maxConcurrent: 2) { Flow.from([$0, $0 * 10]) }
try await print(ordered.collect())  // → [1, 10, 2, 20]

//: None while another one runs: who clicks twice is not charged twice.
try print(
  draw(
    """
    clicked     -a--b---c-----|
    exhaustMap
    """
  ) { $0["clicked"].exhaustMap { .just($0.uppercased()).delay(for: .milliseconds(4)) } })
// → clicked     -a--b---c-----|
// → exhaustMap  -----A------C-|

//: Only the latest: an answer to an old question is let go.
try print(
  draw(
    """
    typed          -a--b-------|
    flatMapLatest
    """
  ) { $0["typed"].flatMapLatest { .just($0.uppercased()).delay(for: .milliseconds(4)) } })
// → typed          -a--b-------|
// → flatMapLatest  --------B---|

//: The same for a flow of flows. Of those that are there at once only the latest is started.
let flows = Flow.from([Flow.from([1, 2]), Flow.from([3, 4])])
try await print(flows.switchToLatest().collect())  // → [3, 4]

//: End to end, with something between them. Sequences do as well.
try await print(flows.joined(separator: [0]).collect())  // → [1, 2, 0, 3, 4]
try await print(Flow.from([[1, 2], [3]]).joined().collect())  // → [1, 2, 3]

//: Elements that lead to more: the pages behind a page, the folders in a folder.
let halves = Flow.just(8).expand(maxDepth: 2, limit: 100) { Flow.from([$0 / 2, $0 / 2]) }
try await print(halves.collect())  // → [8, 4, 4, 2, 2, 2, 2]

//: Texts that come in pieces, cut anywhere.
let pieces = Flow.from(["one t", "wo\nth", "ree"])
try await print(pieces.lines().collect())  // → ["one two", "three"]
try await print(pieces.words().collect())  // → ["one", "two", "three"]
try await print(Flow.from(["He", "llo"]).accumulated().collect())  // → ["He", "Hello"]
try await print(Flow.from([[0x41, 0xC3], [0xBC]]).decodeUTF8().collect())  // → ["A", "ü"]

//: Values out of bytes, and bytes out of values, by an encoder and a decoder of your own choice.
struct Hex: FlowEncoder, FlowDecoder {
  struct NoNumber: Error {}
  func encode<Value: Encodable>(_ value: Value) throws -> [UInt8] {
    guard let number = value as? Int else { throw NoNumber() }
    return Array(String(number, radix: 16).utf8)
  }
  func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
    guard let value = Int(String(decoding: bytes, as: UTF8.self), radix: 16) as? Value else {
      throw NoNumber()
    }
    return value
  }
}
try await print(Flow.just(255).encode(by: Hex()).decodeUTF8().collect())  // → ["ff"]
try await print(Flow.just("ff".utf8).decode(Int.self, by: Hex()).collect())  // → [255]

//: What a flow does, as values: to record it, to send it, to look at a failure without failing.
struct Refusal: Error {}
for try await event in Flow.just(1).append(.fail(Refusal())).materialize().values {
  switch event {
  case .element(let element): print("element", element)
  case .end(.finished): print("finished")
  case .end(.failed(let error)): print("failed:", error)
  }
}
// → element 1
// → failed: Refusal()
try await print(Flow.from([1, 2]).materialize().dematerialize().collect())  // → [1, 2]

//: A transformation may throw. That fails the flow, after the elements before.
do {
  let small = Flow.from([1, 2, 300]).map { number in
    guard number < 100 else { throw Refusal() }
    return number
  }
  for try await number in small.values { print(number) }
} catch {
  print(error)
}
// → 1
// → 2
// → Refusal()
