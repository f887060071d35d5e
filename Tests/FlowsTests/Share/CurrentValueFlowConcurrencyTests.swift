// A value that several threads change.
import FlowTesting
import Testing

@testable import Flows

@Suite struct CurrentValueFlowConcurrencyTests {
  @Test func `counts every step of four who change a value`() async throws {
    let value = CurrentValueFlow(0)
    async let seen = value.flow.collect()
    while value.subscriberCount == 0 { await Task.yield() }
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask { for _ in 0..<1000 { value.update { $0 += 1 } } }
      }
    }
    #expect(value.value == 4000)
    value.finish()
    let steps = try await seen
    #expect(steps.last == 4000)
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func `who subscribes meanwhile sees a value, and none that is older after it`() {
    let crew = Crew(3)
    for _ in 0..<200 {
      let value = CurrentValueFlow(0)
      crew.run { thread in
        if thread == 0 {
          for _ in 0..<50 { value.update { $0 += 1 } }
          return
        }
        let seen = Journal<Int>()
        let subscription = value.flow.subscribe { seen.note($0) }
        while (seen.entries.last ?? 0) < 50 {}
        subscription.cancel()
        #expect(zip(seen.entries, seen.entries.dropFirst()).allSatisfy { $0 < $1 })
      }
      #expect(value.subscriberCount == 0)
    }
  }
}
