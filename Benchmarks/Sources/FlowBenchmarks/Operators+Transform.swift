// The rows of Transform and Select.
import Flows

let transformRows: [OperatorRow] = [
  row("map", .inline) {
    (0..<$0).reduce(0) { $0 &+ ($1 ^ 5) }
  } _: {
    $0.map { $0 ^ 5 }
  },
  row("compactMap", .inline) {
    (0..<$0).reduce(0) { $1 & 1 == 0 ? $0 &+ ($1 ^ 5) : $0 }
  } _: {
    $0.compactMap { $0 & 1 == 0 ? $0 ^ 5 : nil }
  },
  row("compacted", .inline) {
    (0..<$0).reduce(0) { $1 & 1 == 0 ? $0 &+ $1 : $0 }
  } _: {
    $0.map { $0 & 1 == 0 ? $0 : nil }.compacted()
  },
  row("scan", .inline) { count in
    var (state, sum) = (0, 0)
    for number in 0..<count {
      state = state ^ number
      sum &+= state
    }
    return sum
  } _: {
    $0.scan(0) { $0 ^ $1 }
  },
  row("reductions", .inline) { count in
    var (state, sum) = (0, 0)
    for number in 0..<count {
      state = state ^ number
      sum &+= state
    }
    return sum
  } _: {
    $0.reductions(into: 0) { $0 ^= $1 }
  },
  row("enumerated", .inline) {
    (0..<$0).reduce(0) { $0 &+ ($1 ^ $1 &* 3) }
  } _: {
    $0.enumerated().map { $0.offset ^ $0.element &* 3 }
  },
  row("adjacentPairs", .inline) { count in
    var (sum, last) = (0, 0)
    for number in 1..<count {
      sum &+= number ^ last
      last = number
    }
    return sum
  } _: {
    $0.adjacentPairs().map { $0 ^ $1 }
  },
  row("interspersed", .inline) {
    (0..<$0).reduce(-7) { $0 &+ $1 &+ 7 }
  } _: {
    $0.interspersed(with: 7)
  },
  row("materialize", .inline, sumByHand) {
    $0.materialize().compactMap { if case .element(let n) = $0 { n } else { nil } }
  },
  row("dematerialize", .inline, sumByHand) { $0.map { .element($0) }.dematerialize() },
  row("switchOnFirst", .inline, sumByHand) { $0.switchOnFirst { _, flow in flow } },
  row("expand", .inline, sumByHand) { $0.expand(maxDepth: 0, limit: .max) { _ in .empty() } },
  row("chunks(ofCount: 16)", .inline) { count in
    var sum = 0
    for first in stride(from: 0, to: count, by: 16) {
      sum &+= Array(first..<min(first + 16, count)).count ^ first
    }
    return sum
  } _: {
    $0.chunks(ofCount: 16).map { $0.count ^ $0[0] }
  },
  row("chunked(by:)", .inline) { count in
    var (sum, chunk) = (0, [Int]())
    for number in 0..<count {
      if let last = chunk.last, last / 16 != number / 16 {
        sum &+= chunk.count ^ chunk[0]
        chunk = []
      }
      chunk.append(number)
    }
    return chunk.isEmpty ? sum : sum &+ (chunk.count ^ chunk[0])
  } _: {
    $0.chunked { $0 / 16 == $1 / 16 }.map { $0.count ^ $0[0] }
  },
  row("sliding(4)", .inline) { count in
    var sum = 0
    for first in 0..<(count - 3) { sum &+= Array(first..<(first + 4))[3] }
    return sum
  } _: {
    $0.sliding(4).map { $0[3] }
  },
  row("joined", .inline) { count in
    var sum = 0
    for number in 0..<count { for element in [number, 1] { sum &+= element } }
    return sum
  } _: {
    $0.map { [$0, 1] }.joined()
  },
  row("lines", .inline) { count in
    var sum = 0
    for number in 0..<count { sum &+= "\(number)".utf8.count }
    return sum
  } _: {
    $0.map { "\($0)\n" }.lines().map(\.utf8.count)
  },
  row("words", .inline) { count in
    var sum = 0
    for number in 0..<count { sum &+= "\(number)".utf8.count }
    return sum
  } _: {
    $0.map { "\($0) " }.words().map(\.utf8.count)
  },
  row("accumulated", .inline) { count in
    var (text, sum) = ("", 0)
    for number in 0..<count {
      text += number & 7 == 0 ? "a" : ""
      sum &+= text.isEmpty ? 0 : 1
    }
    return sum
  } _: {
    $0.map { $0 & 7 == 0 ? "a" : "" }.accumulated().map { $0.isEmpty ? 0 : 1 }
  },
  row("decodeUTF8", .inline) { count in
    var sum = 0
    for number in 0..<count { sum &+= String(decoding: [UInt8(97 + number & 7)], as: UTF8.self).utf8.count }
    return sum
  } _: {
    $0.map { [UInt8(97 + $0 & 7)] }.decodeUTF8().map(\.utf8.count)
  },
  row("flatMap(maxConcurrent: 4)", .boundary) {
    2 &* sumByHand($0)
  } _: {
    $0.flatMap(maxConcurrent: 4) { .from([$0, $0]) }
  },
  row("concatMap", .boundary) {
    2 &* sumByHand($0)
  } _: {
    $0.concatMap { .from([$0, $0]) }
  },
  row("flatMapOrdered(maxConcurrent: 4)", .boundary) {
    2 &* sumByHand($0)
  } _: {
    $0.flatMapOrdered(maxConcurrent: 4) { .from([$0, $0]) }
  },
  row("exhaustMap", .boundary, sumByHand) { $0.exhaustMap { .just($0) } },
  row("flatMapLatest", .boundary) {
    $0 - 1
  } _: {
    $0.flatMapLatest { .just($0) }.suffix(1)
  },
  row("switchToLatest", .boundary) {
    $0 - 1
  } _: {
    $0.map { .just($0) }.switchToLatest().suffix(1)
  },
  row("window(ofCount: 64)", .boundary, sumByHand) { $0.window(ofCount: 64, buffer: 64).concatMap { $0 } },
  row("grouped", .boundary, sumByHand) {
    $0.grouped(by: { $0 & 3 }, maxGroups: 4, atLimit: .fail, buffer: 64).flatMap(maxConcurrent: 4) { $0.flow }
  },
]

let selectRows: [OperatorRow] = [
  row("ofType", .inline, sumByHand) { $0.map { $0 as any Sendable }.ofType(Int.self) },
  row("filter", .inline) {
    (0..<$0).reduce(0) { $1 & 3 == 0 ? $0 &+ $1 : $0 }
  } _: {
    $0.filter { $0 & 3 == 0 }
  },
  row("prefix", .inline) {
    sumByHand($0)
  } _: {
    $0.prefix(1_000_000)
  },
  row("prefix(while:)", .inline, sumByHand) { $0.prefix(while: { $0 >= 0 }) },
  row("prefix(untilOutputFrom:)", .inline, sumByHand) { $0.prefix(untilOutputFrom: Flow<Int>.never()) },
  row("dropFirst", .inline) {
    sumByHand($0) - 3
  } _: {
    $0.dropFirst(3)
  },
  row("drop(while:)", .inline) {
    sumByHand($0) - 3
  } _: {
    $0.drop(while: { $0 < 3 })
  },
  row("dropLast", .inline) {
    sumByHand($0 - 3)
  } _: {
    $0.dropLast(3)
  },
  row("suffix", .inline) {
    3 * $0 - 6
  } _: {
    $0.suffix(3)
  },
  row("removeDuplicates", .inline) { count in
    var (sum, last) = (0, -1)
    for number in 0..<count where number >> 1 != last {
      last = number >> 1
      sum &+= last
    }
    return sum
  } _: {
    $0.map { $0 >> 1 }.removeDuplicates()
  },
  row("distinct", .inline) { count in
    var (sum, seen) = (0, Set<Int>())
    for number in 0..<count where seen.insert(number & 63).inserted { sum &+= number }
    return sum
  } _: {
    $0.distinct(by: { $0 & 63 }, limit: 64)
  },
  row("ignoreOutput", .inline) { _ in
    0
  } _: {
    $0.ignoreOutput(as: Int.self)
  },
  row("replaceEmpty", .inline, sumByHand) { $0.replaceEmpty(with: 7) },
  row("switchIfEmpty", .inline, sumByHand) { $0.switchIfEmpty { .just(7) } },
  row("failIfEmpty", .inline, sumByHand) { $0.failIfEmpty(CancellationError()) },
]
