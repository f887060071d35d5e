// A meter that is read while runs go on.
import FlowTesting
import Testing

@testable import Flows

@Suite struct MetricsConcurrencyTests {
  @Test func `sums are those of all runs, whenever somebody looks`() async throws {
    let meter = FlowMeter()
    let flow = Flow.from(1...500).metrics(into: meter)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask { for _ in 0..<50 { _ = try? await flow.count() } }
      }
      group.addTask {
        var last = 0
        for _ in 0..<500 {
          let totals = meter.totals
          #expect(totals.count >= last)
          #expect(totals.active >= 0)
          last = totals.count
        }
      }
    }
    #expect(meter.totals.runs == 200)
    #expect(meter.totals.finished == 200)
    #expect(meter.totals.count == 100_000)
  }
}
