// The bridge to `for try await`.
import FlowTesting
import Testing

@testable import Flows

@Suite struct ValuesTests {
  let time = VirtualTime()

  @Test func `delivers the elements to a loop`() throws {
    let seen = try time.run {
      var seen: [Int] = []
      for try await number in Flow.from(1...3).delay(for: .milliseconds(2)).values { seen.append(number) }
      return seen
    }
    #expect(seen == [1, 2, 3])
  }

  @Test func `asks for one element at a time`() throws {
    let source = TestFlow<Int>()
    time.at(.milliseconds(1)) { source.send(1, 2, 3) }
    let first = try time.run {
      let iterator = source.flow.values.makeAsyncIterator()
      return try await iterator.next()
    }
    #expect(first == 1)
    #expect(source.sent == 1)
    try source.expectReleased()
  }

  @Test func `leaving the loop ends the run`() throws {
    let source = TestFlow<Int>()
    time.at(.milliseconds(1)) { source.send(1, 2, 3) }
    try time.run { for try await _ in source.flow.values { break } }
    try source.expectReleased()
  }

  @Test func `a source that is ready at once waits for the first request`() throws {
    let seen = try time.run {
      var seen: [Int] = []
      for try await number in Flow.from(1...3).throttle(for: .seconds(1), edges: .both).values {
        seen.append(number)
      }
      return seen
    }
    #expect(seen == [1, 3])
  }

  @Test func `each iterator is a run of its own`() throws {
    let sums = try time.run {
      let values = Flow.from(1...4).values
      var sums: [Int] = []
      for _ in 0..<2 { sums.append(try await values.reduce(0, +)) }
      return sums
    }
    #expect(sums == [10, 10])
  }

  @Test func `fails with the error of the flow, after the elements before it`() throws {
    let seen = Box<[Int]>([])
    #expect(throws: MarbleError.self) {
      try time.run {
        for try await number in Flow.from([1, 2]).append(.fail(MarbleError())).values {
          seen.value += [number]
        }
      }
    }
    #expect(seen.value == [1, 2])
  }

  @Test func `a loop of a cancelled task ends without an error`() throws {
    let source = TestFlow<Int>()
    let ended = try time.run { [time] in
      let task = Task(executorPreference: time) {
        for try await _ in source.flow.values {}
        return true
      }
      try await time.sleep(until: time.now.advanced(by: .milliseconds(1)), tolerance: nil)
      task.cancel()
      return try await task.value
    }
    #expect(ended)
    try source.expectReleased()
  }

  @Test func `a second consumer of one iterator traps`() async {
    await #expect(processExitsWith: .failure) {
      let cursor = Flow<Int>.never().values.makeAsyncIterator().cursor
      async let first = cursor.next(isolation: nil)
      async let second = cursor.next(isolation: nil)
      _ = try await (first, second)
    }
  }

  @Test func `may be ahead of its consumer`() throws {
    let source = TestFlow<Int>()
    let numbers = try VirtualTime().run {
      var numbers: [Int] = []
      let iterator = source.flow.values(bufferingUpTo: 2).makeAsyncIterator()
      source.send(1, 2, 3, 4)
      numbers.append(try await iterator.next() ?? 0)
      #expect(source.sent == 3)
      source.finish()
      while let number = try await iterator.next() { numbers.append(number) }
      return numbers
    }
    #expect(numbers == [1, 2, 3, 4])
    try source.expectReleased()
  }
}
