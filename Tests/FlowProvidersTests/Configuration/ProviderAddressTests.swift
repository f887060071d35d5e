// Addresses as people write them.
import Testing

@testable import FlowProviders

@Suite struct ProviderAddressTests {
  @Test(arguments: [
    ("https://api.example.com/v1/", "https://api.example.com/v1"),
    ("HTTP://Example.com", "http://Example.com"),
    ("localhost:8080/v1", "http://localhost:8080/v1"),
    ("127.0.0.1", "http://127.0.0.1"),
    ("[::1]:9", "http://[::1]:9"),
    ("api.example.com/v1", "https://api.example.com/v1"),
    ("api.example.com:8000", "http://api.example.com:8000"),
    ("https://example.com/v1?key=hidden#x", "https://example.com/v1"),
  ])
  func `puts right what a person wrote`(text: String, url: String) {
    #expect(ProviderAddress(text)?.url == url)
  }

  @Test(arguments: [
    ("0.0.0.0", "http://127.0.0.1:11434"), ("0.0.0.0:80", "http://127.0.0.1:80"),
    (":1234", "http://127.0.0.1:1234"), ("box", "http://box:11434"), ("http://box", "http://box"),
    ("https://box/", "https://box"), ("[::]:7", "http://127.0.0.1:7"),
  ])
  func `a server's usual port is added where neither scheme nor port is said`(text: String, url: String) {
    #expect(ProviderAddress(text, port: 11434)?.url == url)
  }

  @Test(arguments: ["", "ftp://x", "http://", "a b", "x:notaport", "x:70000", "[::1", "http://x\u{1}"])
  func `refuses what is no address`(text: String) {
    #expect(ProviderAddress(text) == nil)
  }

  @Test func `a password is sent and not shown`() {
    let address = ProviderAddress("https://me:hidden@example.com/v1")
    #expect(address?.url == "https://me:hidden@example.com/v1")
    #expect(address?.shown == "https://example.com/v1")
  }
}
