// The names of spans.
import FlowProviders
import Testing

@Suite struct SpanIDTests {
  @Test func `a header is read and written`() throws {
    let text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    let id = try #require(SpanID(traceparent: text))
    #expect(id.traceparent == text)
    #expect(id.traceID == "0af7651916cd43dd8448eb211c80319c")
    #expect(id.spanID == "b7ad6b7169203331")
    // A later version may say more.
    #expect(SpanID(traceparent: "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more") != nil)
  }

  @Test(arguments: [
    "", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", "00-0-0-0",
    "00-00000000000000000000000000000000-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
    "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
    "00-+af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  ]) func `what is no header is none`(text: String) { #expect(SpanID(traceparent: text) == nil) }

  @Test func `a sibling is another part of the same whole`() {
    let id = SpanID()
    let sibling = id.sibling()
    #expect(sibling.traceID == id.traceID)
    #expect(sibling.spanID != id.spanID)
    #expect(SpanID(traceHigh: 0, traceLow: 1, span: 0).spanID == "0000000000000001")
  }
}
