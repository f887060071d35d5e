// A first look at a whole pipeline.
import Testing
@testable import Flows

@Suite struct SmokeTests {
  @Test func `pipeline`() async throws {
    let sum = try await Flow.from(0..<1000).map { $0 + 1 }.filter { $0 % 2 == 0 }.reduce(0, +)
    #expect(sum == 250500)
    var seen: [Int] = []
    for try await x in Flow.from([1, 2, 3]).values { seen.append(x) }
    #expect(seen == [1, 2, 3])
  }
  @Test func `merge debounce create`() async throws {
    let a = Flow<Int>.create(buffer: 8, whenFull: .fail) { e in
      e.yield(1); e.yield(2); e.finish()
    }
    let n = try await Flow.merge([a, .from([10, 20]), .empty()]).reduce(0, +)
    #expect(n == 33)
    let d = try await a.debounce(for: .milliseconds(5)).reduce(0, +)
    #expect(d == 2)
    let s = AsyncStream<Int> { c in
      for i in 0..<1000 { c.yield(i) }; c.finish()
    }
    #expect(try await Flow.from(s).reduce(0, +) == 499500)
    let e = Flow<Int>.create(buffer: 8, whenFull: .fail) { e in
      e.yield(1); SystemScheduler.shared.execute { e.yield(2) }
    }
    #expect(try await e.debounce(for: .milliseconds(5)).values.first { _ in true } == 2)
  }
}
