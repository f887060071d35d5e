// Distributions in fixed buckets.
import FlowProviders
import Testing

@Suite struct MetricHistogramTests {
  @Test func `a value at the end of a bucket is in it`() {
    var histogram = MetricHistogram(bounds: [1, 2])
    for value in [0.5, 1, 1.5, 2, 3, .nan, .infinity, -1] { histogram.record(value) }
    #expect(histogram.counts == [3, 2, 1])
    #expect(histogram.count == 6)
    #expect(histogram.sum == 7)
  }

  @Test func `quantiles are interpolated within a bucket`() {
    var histogram = MetricHistogram(bounds: [1, 2, 4])
    #expect(histogram.quantile(0.5) == nil)
    for value in [0.1, 1.1, 1.2, 3] { histogram.record(value) }
    #expect(histogram.quantile(0.5) == 1.5)
    #expect(histogram.quantile(0.25) == 1)
    #expect(histogram.quantile(1) == 4)
    #expect(histogram.quantile(0) == 0)
    histogram.record(100)
    #expect(histogram.quantile(1) == 4)
    #expect(histogram.mean == (0.1 + 1.1 + 1.2 + 3 + 100) / 5)
  }

  @Test func `two are added bucket by bucket`() {
    var (a, b) = (MetricHistogram(bounds: [1]), MetricHistogram(bounds: [1]))
    a.record(0.5)
    b.record(2)
    a.add(b)
    #expect(a.counts == [1, 1])
    #expect(a.sum == 2.5)
  }
}
