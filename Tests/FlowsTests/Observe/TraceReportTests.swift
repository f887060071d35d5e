// Traces of a pipeline, for one page.
import FlowTesting
import Foundation
import Testing

@testable import Flows

@Suite struct TraceReportTests {
  private let time = VirtualTime()
  private let source = TestFlow<String>()
  private let report = TraceReport()

  /// What the script of the page is handed.
  private struct Page: Decodable {
    struct Run: Decodable {
      var name: String
      var begin: Int
      var count: Int
      var omitted: Int
      var events: [[Field]]
      /// Without their times.
      var lines: [String] {
        events.map { event in event.dropFirst(2).map(\.description).joined(separator: " ") }
      }
    }
    enum Field: Decodable, CustomStringConvertible {
      case number(Int)
      case text(String)
      case none
      init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
          self = .none
        } else if let number = try? value.decode(Int.self) {
          self = .number(number)
        } else {
          self = .text(try value.decode(String.self))
        }
      }
      var description: String {
        switch self {
        case .number(let number): "\(number)"
        case .text(let text): text
        case .none: "-"
        }
      }
    }
    var forgotten: Int
    var runs: [Run]
  }

  private func page(_ report: TraceReport, title: String = "Trace") throws -> Page {
    let html = report.html(title: title)
    let start = try #require(html.range(of: #"<script type="application/json" id="data">"#))
    let end = try #require(html.range(of: "</script>", range: start.upperBound..<html.endIndex))
    return try JSONDecoder().decode(Page.self, from: Data(html[start.upperBound..<end.lowerBound].utf8))
  }

  @Test func `changes nothing that passes`() throws {
    try marbles(
      """
      source       -a-b-|
      trace(into)  -a-b-|
      """
    ) { $0["source"].trace("letters", into: report) }
    let run = try #require(page(report).runs.first)
    #expect(run.name == "letters")
    #expect(run.count == 2)
    #expect(run.lines == ["r -1", "e a", "e b", "x finished -"])
    #expect(run.events.map { $0[0].description } == ["0", "1000000", "3000000", "5000000"])
  }

  @Test func `without a report it is the flow itself`() throws {
    let seen = source.flow.trace("letters", into: nil).record(in: time, demand: 1)
    source.send("a")
    try seen.expect("a")
    #expect(report.count == 0)
  }

  @Test func `says what is asked for, and how full the buffers upstream are`() throws {
    let seen = source.flow.buffer(4, whenFull: .backpressure).trace("letters", into: report)
      .record(in: time, demand: 1)
    time.advance(by: .milliseconds(1))
    source.send("a", "b", "c")
    time.advance(by: .milliseconds(1))
    seen.request(2)
    source.fail()
    let run = try #require(page(report).runs.first)
    #expect(
      run.lines == ["r 1", "f 0 2 4", "e a", "r 2", "f 0 0 4", "e b", "e c", "x failed \(MarbleError())"])
    #expect(run.events.map { $0[1].description } == ["1", "1", "0", "2", "2", "1", "0", "0"])
  }

  @Test func `says how full the buffer between two places is`() throws {
    let place = ManualPlace()
    let seen = source.flow.receive(on: place, buffer: 4).trace("letters", into: report).record(in: time)
    place.run()
    source.send("a", "b")
    place.run()
    let lines = try #require(page(report).runs.first).lines
    #expect(lines.contains("f 0 2 4") && lines.contains("f 0 0 4"))
    seen.cancel()
  }

  @Test func `two places in one chain are two runs on one axis`() throws {
    let seen = source.flow.trace("before", into: report).map { $0 }.trace("after", into: report).named("n")
      .record(in: time)
    time.advance(by: .milliseconds(2))
    source.send("a")
    seen.cancel()
    let runs = try page(report).runs
    #expect(runs.map(\.name) == ["after", "before"])
    #expect(runs.map(\.begin) == [0, 0])
    #expect(runs.allSatisfy { $0.lines.last == "x cancelled -" })
  }

  @Test func `keeps the newest events of the newest runs`() throws {
    let small = TraceReport(runs: 2, eventsPerRun: 3)
    for name in ["one", "two", "three"] {
      _ = Flow.from(1...5).trace(name, into: small).record(in: time)
    }
    let page = try page(small)
    #expect(page.forgotten == 1)
    #expect(page.runs.map(\.name) == ["two", "three"])
    #expect(page.runs[1].lines == ["e 4", "e 5", "x finished -"])
    #expect(page.runs[1].omitted == 4)
    #expect(page.runs[1].count == 5)
  }

  @Test func `keeps the beginning of a long description`() throws {
    let long = String(repeating: "é", count: 5000)
    _ = Flow.just(long).trace(into: report).record(in: time)
    #expect(try page(report).runs[0].lines[1] == "e " + String(repeating: "é", count: 200) + "…")
  }

  @Test func `an element cannot leave the page's data`() throws {
    let hostile = "</script><script>alert(1)</script><!-- \u{2028}\u{0}\"\\ &amp; \u{1F600}"
    _ = Flow.just(hostile).trace("<b>'\"&", into: report).record(in: time)
    let html = report.html(title: "<img src=x onerror=alert(1)>&\"'")
    #expect(html.components(separatedBy: "<script").count == 3)
    #expect(html.components(separatedBy: "</script>").count == 3)
    #expect(!html.contains("<img") && !html.contains("<!--"))
    #expect(html.contains("<title>&lt;img src=x onerror=alert(1)&gt;&amp;&quot;&#39;</title>"))
    let run = try page(report).runs[0]
    #expect(run.name == "<b>'\"&")
    #expect(run.lines[1] == "e \(hostile)")
  }

  @Test func `needs nothing from outside`() {
    let html = report.html()
    #expect(html.contains("default-src 'none'"))
    for word in ["http://", "https://", "src=", "@import", "url(", "innerHTML"] {
      #expect(!html.contains(word))
    }
  }

  @Test func `a run that goes on has no end`() throws {
    let seen = source.flow.trace("open", into: report).record(in: time)
    source.send("a")
    #expect(try page(report).runs[0].lines == ["r -1", "e a"])
    seen.cancel()
  }

  @Test func `traps without room for anything`() async {
    await #expect(processExitsWith: .failure) { _ = TraceReport(runs: 0) }
    await #expect(processExitsWith: .failure) { _ = TraceReport(eventsPerRun: 0) }
  }
}
