// Who is trusted, and by which way.
import FlowHTTP
import Flows
import Foundation
import HTTPTestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct CurlTrustTests {
  @Test func `only a certificate that is trusted makes a connection`() async throws {
    guard let server = try SecureServer() else { return print("no openssl here: nothing proved") }
    let request = HTTPRequest("GET", "https://127.0.0.1:\(server.port)/")
    let error = await #expect(throws: HTTPError.self) { try await CurlTransport.test().response(to: request) }
    guard case .tls = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let trusting = CurlTransport.test { $0.certificates = .file(server.certificate) }
    #expect(try await trusting.response(to: request).head.status == 200)
    // Signed by whom we trust, but for another name.
    let wrong = await #expect(throws: HTTPError.self) {
      try await trusting.response(to: HTTPRequest("GET", "https://localhost:\(server.port)/"))
    }
    guard case .tls = wrong else {
      Issue.record("\(String(describing: wrong))")
      return
    }
  }

  @Test func `the environment names a proxy and a file of certificates`() async throws {
    // In a process of its own, because the environment is everybody's.
    await #expect(processExitsWith: .success) {
      do {
        let proxy = try FaultServer("from the proxy")
        setenv("http_proxy", proxy.url, 1)
        unsetenv("no_proxy")
        let response = try await CurlTransport().response(to: HTTPRequest("GET", "http://far.invalid/"))
        precondition(response.body == "from the proxy")
        guard let server = try SecureServer() else { return print("no openssl here: half is not proved") }
        setenv("CURL_CA_BUNDLE", server.certificate, 1)
        let request = HTTPRequest("GET", "https://127.0.0.1:\(server.port)/")
        let secure = try await CurlTransport.test().response(to: request)
        precondition(secure.head.status == 200)
      } catch {
        preconditionFailure("\(error)")
      }
    }
  }
}
