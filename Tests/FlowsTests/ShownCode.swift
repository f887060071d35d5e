// What the documents show, letter for letter, and the proof that it does what they say.
import FlowTesting
import Testing

@testable import Flows

extension Flow {
  func everyOther() -> Flow {
    Flow { context in
      let upstream = start(in: context)
      var isOdd = false
      return { room in
        let start = room.count
        let poll = upstream(&room)
        room.keep(from: start) { _ in
          isOdd.toggle()
          return isOdd
        }
        return poll
      }
    }
  }
}

extension Flow {
  @inlinable @inline(__always)
  func paired<Output>(
    with transform: @escaping @Sendable (Element) throws -> Output
  ) -> Flow<(Element, Output)> {
    lift { input, output in
      try output.append(draining: &input) { ($0, try transform($0)) }
    }
  }
}

extension Flow {
  func orSilence(after interval: Duration) -> Flow<Element?> {
    Flow<Element?> { context in
      let upstream = start(in: context)
      let silence = context.alarm()
      silence.set(after: interval)
      return { room in
        let poll = Chunk<Element>.scratch(room.room) { input in
          let poll = upstream(&input)
          if !input.isEmpty { silence.set(after: interval) }
          while let element = input.next() { room.append(element) }
          return poll
        }
        if !poll.isTerminal, !room.isFull, silence.isDue {
          silence.clear()
          room.append(nil)
        }
        return poll
      }
    }
  }
}

@Suite struct ShownCode {
  @Test func `the example of the README`() throws {
    try VirtualTime().run {
      let question = "?"
      let spare = "elsewhere"
      var shown: [String] = []
      @Sendable func tokens(of question: String, from place: String? = nil) -> Flow<String> {
        let tokens = Flow.from(["A", " recipe", "."]).concatMap { .just($0).delay(for: .milliseconds(20)) }
        return place == nil ? .fail(MarbleError()) : tokens
      }
      func show(_ text: String) { shown.append(text) }

      let answer = tokens(of: question)
        .timeout(first: .seconds(20), idle: .seconds(5))
        .retry(RetryPolicy(maxAttempts: 3))
        .catch { _ in tokens(of: question, from: spare) }
        .scan("") { $0 + $1 }
        .throttle(for: .milliseconds(50), edges: .both)

      for try await text in answer.values { show(text) }

      #expect(shown == ["A", "A recipe."])
    }
  }

  @Test func `the example of Flow`() async throws {
    let odd = try await Flow.from(1...5).map { $0 * $0 }.filter { $0 % 2 == 1 }.collect()  // [1, 9, 25]
    #expect(odd == [1, 9, 25])
  }

  @Test func `every other element`() async throws {
    #expect(try await Flow.from(1...9).everyOther().reduce(0, +) == 25)
  }

  @Test func `each element with what was made of it`() async throws {
    let squares = Flow.from(1...3).paired { $0 * $0 }
    #expect(try await squares.reduce(into: []) { $0.append("\($1)") } == ["(1, 1)", "(2, 4)", "(3, 9)"])
  }

  @Test func `silence is reported once`() throws {
    try marbles(
      """
      source     -a-b---------c|
      orSilence  -a-b--0------c|
      """
    ) { $0["source"].orSilence(after: .milliseconds(3)).map { $0 ?? "0" } }
  }

  @Test func `silence waits to be asked for`() throws {
    try marbles(
      """
      source        -a---------|
      demand        1-------1---
      orSilence     -a------0--|
      asked source  1-------1---
      """
    ) { $0["source"].orSilence(after: .milliseconds(3)).map { $0 ?? "0" } }
  }
}
