// Fields by name, without case, in order.
import FlowHTTP
import Testing

@Suite struct HTTPHeadersTests {
  @Test func `names have no case`() {
    var headers: HTTPHeaders = ["Content-Type": "text/plain", "X-A": "1"]
    #expect(headers["content-TYPE"] == "text/plain")
    #expect(headers["none"] == nil)
    headers["CONTENT-type"] = "application/json"
    #expect(headers.map(\.value) == ["application/json", "1"])
  }

  @Test func `a name can have several values, in order`() {
    var headers: HTTPHeaders = [:]
    headers.add("Set-Cookie", "a")
    headers.add("X", "1")
    headers.add("set-cookie", "b")
    #expect(headers.values(of: "SET-COOKIE") == ["a", "b"])
    #expect(headers["Set-Cookie"] == "a")
    headers["set-cookie"] = "c"
    #expect(headers.map(\.name) == ["set-cookie", "X"])
    headers["set-cookie"] = nil
    #expect(headers.count == 1)
  }
}
