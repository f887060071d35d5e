// Operators beside what they do to an array.
import FlowTesting
import Flows

/// An element that counts itself, so that one that is kept, or lost, is found.
struct Ball: Sendable, CustomStringConvertible {
  let value: Int
  private let live: LiveCount
  private let token: LiveCount.Token

  init(_ value: Int, _ live: LiveCount) {
    self.value = value
    self.live = live
    token = live.token()
  }

  func with(_ value: Int) -> Ball { Ball(value, live) }
  var description: String { "\(value)" }
}

/// What a flow delivers, when all is asked for.
struct ArrayModel: Sendable, Equatable {
  var elements: [Int]
  var fails: Bool

  /// Other elements, and the same end.
  func with(_ elements: some Sequence<Int>) -> ArrayModel {
    ArrayModel(elements: Array(elements), fails: fails)
  }
  static func finished(_ elements: some Sequence<Int>) -> ArrayModel {
    ArrayModel(elements: Array(elements), fails: false)
  }

  /// What is added up in groups; the last one only comes with a completion.
  func grouped(where startsGroup: (_ group: [Int], _ element: Int) -> Bool, isWhole: ([Int]) -> Bool)
    -> ArrayModel
  {
    var groups: [[Int]] = []
    for element in elements {
      if let last = groups.last, !startsGroup(last, element) {
        groups[groups.count - 1].append(element)
      } else {
        groups.append([element])
      }
    }
    if fails, let last = groups.last, !isWhole(last) { groups.removeLast() }
    return with(groups.map { $0.reduce(0, +) })
  }
}

/// An operator with a number, twice: over arrays and over flows.
struct ModelOperator: Sendable {
  typealias Live = @Sendable (Flow<Ball>, Int, ModelPlace) -> Flow<Ball>

  let name: String
  /// One element comes of each, so that none can be missed.
  var isOneToOne = false
  /// What becomes of a failure depends on demand: it does not wait for flows that are under way.
  var wantsCompletion = false
  let model: @Sendable (ArrayModel, Int) -> ArrayModel
  let flow: Live
}

/// Where a chain is run.
struct ModelPlace: Sendable {
  let time: VirtualTime
  let live: LiveCount

  func balls(_ values: some Sequence<Int>) -> Flow<Ball> { .from(values.map { Ball($0, live) }) }
}

extension ModelOperator {
  static let all = selecting + transforming + combining + recovering + passing

  private static let selecting: [ModelOperator] = [
    ModelOperator(name: "filter") { model, n in
      model.with(model.elements.filter { $0 % (n + 2) != 0 })
    } flow: { source, n, _ in
      source.filter { $0.value % (n + 2) != 0 }
    },
    ModelOperator(name: "prefix") { model, n in
      model.elements.count >= n ? .finished(model.elements.prefix(n)) : model
    } flow: { source, n, _ in
      source.prefix(n)
    },
    ModelOperator(name: "prefix(while:)") { model, n in
      let kept = model.elements.prefix { $0 < 3 * n }
      return kept.count < model.elements.count ? .finished(kept) : model
    } flow: { source, n, _ in
      source.prefix(while: { $0.value < 3 * n })
    },
    ModelOperator(name: "dropFirst") { model, n in
      model.with(model.elements.dropFirst(n))
    } flow: { source, n, _ in
      source.dropFirst(n)
    },
    ModelOperator(name: "drop(while:)") { model, n in
      model.with(model.elements.drop { $0 < 3 * n })
    } flow: { source, n, _ in
      source.drop(while: { $0.value < 3 * n })
    },
    ModelOperator(name: "dropLast") { model, n in
      model.with(model.elements.dropLast(n))
    } flow: { source, n, _ in
      source.dropLast(n)
    },
    ModelOperator(name: "suffix") { model, n in
      model.with(model.fails ? [] : model.elements.suffix(n))
    } flow: { source, n, _ in
      source.suffix(n)
    },
    ModelOperator(name: "removeDuplicates") { model, n in
      var last: Int?
      return model.with(
        model.elements.filter { element in
          defer { last = last == element / (n + 1) ? last : element / (n + 1) }
          return last != element / (n + 1)
        })
    } flow: { source, n, _ in
      source.removeDuplicates { $0.value / (n + 1) == $1.value / (n + 1) }
    },
    ModelOperator(name: "distinct") { model, n in
      var seen: Set<Int> = []
      return model.with(model.elements.filter { seen.insert($0 / (n + 1)).inserted })
    } flow: { source, n, _ in
      source.distinct(by: { $0.value / (n + 1) }, limit: 1_000)
    },
    ModelOperator(name: "replaceEmpty") { model, n in
      model.elements.isEmpty && !model.fails ? .finished([n]) : model
    } flow: { source, n, place in
      source.replaceEmpty(with: Ball(n, place.live))
    },
    ModelOperator(name: "switchIfEmpty") { model, n in
      model.elements.isEmpty && !model.fails ? .finished([n, n]) : model
    } flow: { source, n, place in
      source.switchIfEmpty { place.balls([n, n]) }
    },
  ]

  private static let transforming: [ModelOperator] = [
    ModelOperator(name: "map", isOneToOne: true) { model, n in
      model.with(model.elements.map { $0 + n })
    } flow: { source, n, _ in
      source.map { $0.with($0.value + n) }
    },
    ModelOperator(name: "compactMap") { model, n in
      model.with(model.elements.compactMap { $0 % (n + 2) == 0 ? nil : 2 * $0 })
    } flow: { source, n, _ in
      source.compactMap { $0.value % (n + 2) == 0 ? nil : $0.with(2 * $0.value) }
    },
    ModelOperator(name: "scan", isOneToOne: true) { model, n in
      var sum = n
      return model.with(
        model.elements.map {
          sum = (sum + $0) % 1_000
          return sum
        })
    } flow: { source, n, place in
      source.scan(Ball(n, place.live)) { $0.with(($0.value + $1.value) % 1_000) }
    },
    ModelOperator(name: "enumerated", isOneToOne: true) { model, n in
      model.with(model.elements.enumerated().map { $0.offset + $0.element })
    } flow: { source, n, _ in
      source.enumerated().map { $0.element.with($0.offset + $0.element.value) }
    },
    ModelOperator(name: "adjacentPairs") { model, _ in
      model.with(zip(model.elements, model.elements.dropFirst()).map { $0 + $1 })
    } flow: { source, _, _ in
      source.adjacentPairs().map { $0.with($0.value + $1.value) }
    },
    ModelOperator(name: "chunks") { model, n in
      model.grouped(where: { group, _ in group.count > n }, isWhole: { $0.count > n })
    } flow: { source, n, place in
      source.chunks(ofCount: n + 1).map { Ball($0.sum, place.live) }
    },
    ModelOperator(name: "chunked(on:)") { model, n in
      model.grouped(where: { $0[0] / (n + 1) != $1 / (n + 1) }, isWhole: { _ in false })
    } flow: { source, n, place in
      source.chunked(on: { $0.value / (n + 1) }).map { Ball($0.1.sum, place.live) }
    },
    ModelOperator(name: "sliding") { model, n in
      let all = model.elements
      if all.count <= n { return model.with(all.isEmpty || model.fails ? [] : [all.reduce(0, +)]) }
      return model.with((0..<(all.count - n)).map { all[$0...($0 + n)].reduce(0, +) })
    } flow: { source, n, place in
      source.sliding(n + 1).map { Ball($0.sum, place.live) }
    },
    ModelOperator(name: "interspersed") { model, n in
      model.with(
        model.elements.enumerated().flatMap { $0 > 0 && $0 % (n + 1) == 0 ? [n, $1] : [$1] })
    } flow: { source, n, place in
      source.interspersed(with: Ball(n, place.live), every: n + 1)
    },
    ModelOperator(name: "concatMap", wantsCompletion: true) { model, n in
      model.with(model.elements.flatMap { [$0, $0 + n] })
    } flow: { source, n, place in
      source.concatMap { place.balls([$0.value, $0.value + n]) }
    },
    ModelOperator(name: "flatMap", wantsCompletion: true) { model, n in
      model.with(model.elements.flatMap { Array(repeating: $0, count: n) })
    } flow: { source, n, place in
      source.flatMap(maxConcurrent: 1) { place.balls(Array(repeating: $0.value, count: n)) }
    },
    ModelOperator(name: "flatMapOrdered", wantsCompletion: true) { model, n in
      model.with(model.elements.flatMap { [$0, $0 + n] })
    } flow: { source, n, place in
      source.flatMapOrdered(maxConcurrent: n + 1) { place.balls([$0.value, $0.value + n]) }
    },
    ModelOperator(name: "joined", wantsCompletion: true) { model, n in
      model.with(model.elements.flatMap { [$0, n] })
    } flow: { source, n, _ in
      source.map { [$0, $0.with(n)] }.joined()
    },
    ModelOperator(name: "asyncMap", isOneToOne: true) { model, n in
      model.with(model.elements.map { $0 + n })
    } flow: { source, n, _ in
      source.asyncMap(maxConcurrent: n + 1) { $0.with($0.value + n) }
    },
  ]

  private static let combining: [ModelOperator] = [
    ModelOperator(name: "append") { model, n in
      model.fails ? model : model.with(model.elements + [n, n + 1])
    } flow: { source, n, place in
      source.append(place.balls([n, n + 1]))
    },
    ModelOperator(name: "prepend") { model, n in
      model.with([n, n + 1] + model.elements)
    } flow: { source, n, place in
      source.prepend(place.balls([n, n + 1]))
    },
    ModelOperator(name: "concat") { model, n in
      model.fails ? model.with([n] + model.elements) : model.with([n] + model.elements + model.elements)
    } flow: { source, n, place in
      .concat([place.balls([n]), source, source])
    },
    // Which of them comes first is nobody's business: in order they are the same.
    ModelOperator(name: "merge, sorted") { model, n in
      model.fails ? model.with([]) : model.with((model.elements + [n, n + 1]).sorted())
    } flow: { source, n, place in
      source.merge(with: place.balls([n, n + 1])).chunks(ofCount: 10_000).concatMap { balls in
        .from(balls.sorted { $0.value < $1.value })
      }
    },
    ModelOperator(name: "zip", wantsCompletion: true) { model, n in
      model.with(model.elements.enumerated().map { $0.element + $0.offset + n })
    } flow: { source, n, _ in
      source.zip(.from(n..<100_000)).map { $0.with($0.value + $1) }
    },
    ModelOperator(name: "zip(a shorter one)", wantsCompletion: true) { model, n in
      model.with(model.elements.prefix(n))
    } flow: { source, n, _ in
      source.zip(.from(0..<n)).map { $0.0 }
    },
  ]

  private static let recovering: [ModelOperator] = [
    ModelOperator(name: "catch") { model, n in
      model.fails ? .finished(model.elements + [n, n]) : model
    } flow: { source, n, place in
      source.catch { _ in place.balls([n, n]) }
    },
    ModelOperator(name: "replaceError") { model, n in
      model.fails ? .finished(model.elements + [n]) : model
    } flow: { source, n, place in
      source.replaceError(with: Ball(n, place.live))
    },
    ModelOperator(name: "errorBoundary") { model, n in
      model.fails ? .finished(model.elements + [n]) : model
    } flow: { source, n, place in
      source.errorBoundary(label: "part") { _ in .emit(Ball(n, place.live)) }
    },
    ModelOperator(name: "fallback") { model, n in
      model.fails && model.elements.isEmpty ? .finished([n]) : model
    } flow: { source, n, place in
      source.fallback(to: [place.balls([n])])
    },
    ModelOperator(name: "retry") { model, _ in
      model
    } flow: { source, n, _ in
      source.retry(n)
    },
    ModelOperator(name: "retry(after: .anything)") { model, n in
      model.fails ? model.with((0...n).flatMap { _ in model.elements }) : model
    } flow: { source, n, _ in
      source.retry(n, after: .anything)
    },
    ModelOperator(name: "mapError", isOneToOne: true) { model, _ in
      model
    } flow: { source, _, _ in
      source.mapError { $0 }
    },
    ModelOperator(name: "repeat") { model, n in
      if n == 0 { return .finished([]) }
      return model.fails ? model : model.with((0..<n).flatMap { _ in model.elements })
    } flow: { source, n, _ in
      source.repeat(n)
    },
  ]

  /// Those that change nothing but time, place and pace.
  private static let passing: [ModelOperator] = [
    same("buffer") { source, n, _ in source.buffer(n + 1, whenFull: .backpressure) },
    same("rebatch") { source, n, _ in source.rebatch(high: n + 2, low: n) },
    same("receive(on:)") { source, _, place in source.receive(on: place.time) },
    same("receive(on:buffer:)") { source, n, place in source.receive(on: place.time, buffer: n + 1) },
    same("subscribe(on:)") { source, _, place in source.subscribe(on: place.time) },
    same("share") { source, _, _ in source.share() },
    same("share(buffer:)") { source, n, _ in source.share(replay: n, buffer: n + 1) },
    same("materialize, dematerialize") { source, _, _ in source.materialize().dematerialize() },
    same("delaySubscription") { source, n, _ in source.delaySubscription(for: .milliseconds(n)) },
    same("timeout") { source, _, _ in source.timeout(first: .seconds(3_600), idle: .seconds(3_600)) },
    same("timestamped") { source, _, _ in source.timestamped().map(\.element) },
    same("onValue") { source, _, _ in source.onValue { _ in } },
    same("handleEvents") { source, _, _ in source.handleEvents(receiveRequest: { _ in }) },
    same("gate") { source, _, _ in source.gate(by: .just(true)) },
    same("race") { source, _, _ in source.race(with: .never()) },
    same("switchOnFirst") { source, _, _ in source.switchOnFirst { _, flow in flow } },
    ModelOperator(name: "delay", isOneToOne: true, wantsCompletion: true) { model, _ in
      model
    } flow: { source, n, _ in
      source.delay(for: .milliseconds(n))
    },
  ]

  private static func same(_ name: String, _ flow: @escaping Live) -> ModelOperator {
    ModelOperator(name: name, isOneToOne: true, model: { model, _ in model }, flow: flow)
  }
}

extension [Ball] {
  fileprivate var sum: Int { reduce(0) { $0 + $1.value } }
}
