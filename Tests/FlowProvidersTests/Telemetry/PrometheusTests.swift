// Figures as text.
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite struct PrometheusTests {
  let time = VirtualTime()
  let kept = Kept()

  /// The lines of one family.
  private func family(_ name: String, in page: String) -> [String] {
    page.split(separator: "\n").map(String.init).filter {
      $0.hasPrefix("# HELP \(name) ") || $0.hasPrefix("# TYPE \(name) ") || $0.hasPrefix(name)
    }
  }

  @Test func `the page of two requests, letter for letter`() throws {
    let (metrics, inner) = (Metrics(), LedProvider("openai"))
    let provider = inner.observed(by: metrics)
    let request = ChatRequest(model: "m", prompt: "hello")
    kept.keep(provider.stream(request).record(in: time))
    time.advance(by: .milliseconds(300))
    inner.answer("a", usage: Usage(inputTokens: 10, outputTokens: 2))
    kept.keep(provider.stream(request).record(in: time))
    inner.source.fail(ProviderError(.overloaded, "no"))
    let page = metrics.snapshot().prometheus
    let labels = #"gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="m""#
    #expect(
      family("flow_requests_total", in: page) == [
        "# HELP flow_requests_total Requests that have ended, in whatever way.",
        "# TYPE flow_requests_total counter", "flow_requests_total{\(labels)} 2",
      ])
    #expect(
      family("flow_errors_total", in: page).last
        == #"flow_errors_total{\#(labels),error_type="overloaded"} 1"#)
    #expect(
      family("gen_ai_client_operation_time_to_first_chunk_seconds", in: page) == [
        "# HELP gen_ai_client_operation_time_to_first_chunk_seconds How long the first piece of an answer took.",
        "# TYPE gen_ai_client_operation_time_to_first_chunk_seconds histogram",
      ]
        + [
          ("0.001", 0), ("0.005", 0), ("0.01", 0), ("0.02", 0), ("0.04", 0), ("0.06", 0), ("0.08", 0),
          ("0.1", 0),
          ("0.25", 0), ("0.5", 1), ("0.75", 1), ("1", 1), ("2.5", 1), ("5", 1), ("7.5", 1), ("10", 1),
          ("+Inf", 1),
        ].map {
          "gen_ai_client_operation_time_to_first_chunk_seconds_bucket{\(labels),le=\"\($0.0)\"} \($0.1)"
        } + [
          "gen_ai_client_operation_time_to_first_chunk_seconds_sum{\(labels)} 0.3",
          "gen_ai_client_operation_time_to_first_chunk_seconds_count{\(labels)} 1",
        ])
    #expect(
      page.contains("gen_ai_client_token_usage_sum{\(labels),gen_ai_token_type=\"input\"} 10\n"))
    #expect(page.hasSuffix("\n"))
    // The same figures are the same page.
    #expect(metrics.snapshot().prometheus == page)
  }

  @Test func `names and labels are made fit, and nothing breaks out of a line`() {
    let snapshot = MetricsSnapshot(readings: [
      MetricReading(
        "9 strange.name", help: "a \\ and\na \"line\"", labels: ["b": "x\"y\\z\n", "a.b": "1"], value: 1),
      MetricReading("9 strange.name", help: "other", labels: ["a_b": "0"], value: .infinity),
      MetricReading("zero", help: "", kind: .counter, value: .nan),
    ])
    #expect(
      snapshot.prometheus == """
        # HELP _9_strange_name a \\\\ and\\na "line"
        # TYPE _9_strange_name gauge
        _9_strange_name{a_b="0"} +Inf
        _9_strange_name{a_b="1",b="x\\"y\\\\z\\n"} 1
        # HELP zero\u{20}
        # TYPE zero counter
        zero NaN

        """)
  }

  @Test func `a figure told twice is written once, and none takes the name of ours`() {
    let snapshot = MetricsSnapshot(
      providers: [],
      readings: [
        MetricReading("a.b", help: "", value: 1), MetricReading("a_b", help: "", value: 2),
        MetricReading("a_b", help: "", kind: .counter, labels: ["x": "y"], value: 3),
      ])
    #expect(snapshot.prometheus == "# HELP a_b \n# TYPE a_b gauge\na_b 1\n")
  }

  @Test func `without figures there is no page`() {
    #expect(MetricsSnapshot().prometheus.isEmpty)
  }
}
