// A report that is drawn while runs write into it.
import FlowTesting
import Testing

@testable import Flows

@Suite struct TraceReportConcurrencyTests {
  @Test func `takes runs from everywhere, and keeps no more than it may`() async {
    let report = TraceReport(runs: 5, eventsPerRun: 50)
    let flow = Flow.from(1...200).receive(on: .pool, buffer: 8).trace("numbers", into: report)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 { group.addTask { for _ in 0..<20 { _ = try? await flow.count() } } }
      group.addTask { for _ in 0..<20 { #expect(report.html().hasSuffix("</html>\n")) } }
    }
    let (runs, forgotten, _) = report.contents
    #expect(runs.count == 5 && forgotten == 75)
    #expect(runs.allSatisfy { $0.count == 200 && $0.entries.count == 50 })
  }
}
