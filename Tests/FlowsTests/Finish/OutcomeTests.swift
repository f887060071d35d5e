// The diagrams of those that run a flow: what they come to, and when.
import FlowTesting
import Flows
import Testing

@Suite struct OutcomeTests {
  /// What a terminal comes to, as a flow that delivers it and has nothing else to say.
  private func outcome<Value>(_ run: @escaping @Sendable () async throws -> Value) -> Flow<Value> {
    .future(run).append(.never())
  }

  private let answers: [Character: Bool] = ["t": true, "f": false]

  @Test func `collect has all of them`() throws {
    try marbles(
      """
      source   -a-b-c-|
      collect  -------x
      """, results: ["x": ["a", "b", "c"]]
    ) { sources in
      let source = sources["source"]
      return outcome { try await source.collect() }
    }
  }

  @Test func `count has their number`() throws {
    try marbles(
      """
      source  -a-b-c-|
      count   -------3
      """
    ) { sources in
      let source = sources["source"]
      return outcome { try await source.count() }
    }
  }

  @Test func `reduce has one value of all`() throws {
    try marbles(
      """
      source        -1-2-3-|
      reduce(0, +)  -------6
      """
    ) { sources in
      let source = sources.ints("source")
      return outcome { try await source.reduce(0, +) }
    }
    try marbles(
      """
      source           -1-2-3-|
      reduce(into: 0)  -------6
      """
    ) { sources in
      let source = sources.ints("source")
      return outcome { try await source.reduce(into: 0) { $0 += $1 } }
    }
  }

  @Test func `single is the only one`() throws {
    try marbles(
      """
      source  ---a-|
      single  -----a
      """
    ) { sources in
      let source = sources["source"]
      return outcome { try await source.single() }
    }
  }

  @Test func `first, last and one in between`() throws {
    try marbles(
      """
      source  ---a-b-c-|
      first   ---a
      """
    ) { sources in
      let source = sources["source"]
      return outcome { try await source.first() ?? "none" }
    }
    try marbles(
      """
      source         -1-2-3-|
      first { even } ---2
      """
    ) { sources in
      let source = sources.ints("source")
      return outcome { try await source.first { $0 % 2 == 0 } ?? 0 }
    }
    try marbles(
      """
      source  -a-b-c-|
      last    -------c
      """
    ) { sources in
      let source = sources["source"]
      return outcome { try await source.last() ?? "none" }
    }
    try marbles(
      """
      source         ---a-b-c-|
      element(at: 1) -----b
      """
    ) { sources in
      let source = sources["source"]
      return outcome { try await source.element(at: 1) ?? "none" }
    }
  }

  @Test func `the only one, awaited or promised`() throws {
    try marbles(
      """
      source  ---a-|
      value   -----a
      """
    ) { sources in
      let source = sources["source"]
      return outcome { try await source.value }
    }
    try marbles(
      """
      source   ---a-|
      promise  -----a
      """
    ) { sources in
      let source = sources["source"]
      return outcome { try await source.promise().value }
    }
  }

  @Test func `questions are answered as soon as the answer is known`() throws {
    try marbles(
      """
      source            -1-2-3-|
      contains { even } ---t
      """, results: answers
    ) { sources in
      let source = sources.ints("source")
      return outcome { try await source.contains { $0 % 2 == 0 } }
    }
    try marbles(
      """
      source       -1-2-3-|
      contains(2)  ---t
      """, results: answers
    ) { sources in
      let source = sources.ints("source")
      return outcome { try await source.contains(2) }
    }
    try marbles(
      """
      source             -1-2-3-|
      allSatisfy { odd } ---f
      """, results: answers
    ) { sources in
      let source = sources.ints("source")
      return outcome { try await source.allSatisfy { $0 % 2 == 1 } }
    }
    try marbles(
      """
      source   ---a-|
      isEmpty  ---f
      """, results: answers
    ) { sources in
      let source = sources["source"]
      return outcome { try await source.isEmpty() }
    }
  }

  @Test func `the least and the greatest`() throws {
    try marbles(
      """
      source          -3-1-2-|
      min { by size } -------1
      """
    ) { sources in
      let source = sources.ints("source")
      return outcome { try await source.min(by: <) ?? 0 }
    }
    try marbles(
      """
      source  -3-1-2-|
      min     -------1
      """
    ) { sources in
      let source = sources.ints("source")
      return outcome { try await source.min() ?? 0 }
    }
    try marbles(
      """
      source          -3-1-2-|
      max { by size } -------3
      """
    ) { sources in
      let source = sources.ints("source")
      return outcome { try await source.max(by: <) ?? 0 }
    }
    try marbles(
      """
      source  -3-1-2-|
      max     -------3
      """
    ) { sources in
      let source = sources.ints("source")
      return outcome { try await source.max() ?? 0 }
    }
  }

  @Test func `elements one after another`() throws {
    try marbles(
      """
      source   -a-b-c-|
      forEach  -a-b-c-|
      """
    ) { sources in
      let source = sources["source"]
      return .produce { writer in try await source.forEach { try await writer.send($0) } }
    }
    try marbles(
      """
      source  -a-b-c-|
      values  -a-b-c-|
      """
    ) { $0["source"].values.flow }
    try marbles(
      """
      source     -a-b-c-|
      subscribe  -a-b-c-|
      """
    ) { sources in
      let source = sources["source"]
      return .create(buffer: 1, whenFull: .fail) { emitter in
        let subscription = source.subscribe {
          emitter.yield($0)
        } onEnd: { _ in
          emitter.finish()
        }
        emitter.onCancel { subscription.cancel() }
      }
    }
  }
}
