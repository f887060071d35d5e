// Requests to a text generation inference server.
import Testing

@testable import FlowProviders

@Suite struct TGITests {
  private let tgi = TGI(base: "http://tgi.test/", key: "k")

  @Test func `the texts are the input`() throws {
    #expect(
      try tgi.body(Requests.plain)
        == json(#"{"inputs":"Be brief.\nHi","parameters":{"details":true},"stream":true}"#))
    let request = tgi.request(for: Requests.plain)
    #expect(request.url == "http://tgi.test/generate_stream")
    #expect(request.fields["Authorization"] == "Bearer k")
  }

  @Test func `sampling stands in parameters`() throws {
    #expect(
      try tgi.member("parameters", Requests.sampling)
        == json(
          #"""
          {"details":true,"max_new_tokens":100,"temperature":0.5,"do_sample":true,"top_p":0.9,"top_k":40,
           "repetition_penalty":1.1,"frequency_penalty":0.2,"seed":7,"stop":["END"],"top_n_tokens":3}
          """#))
  }

  @Test func `figures at the end of their range are left out, since the server refuses them`() {
    let request = Requests.short.with(\.temperature, 0).with(\.topP, 1)
    #expect(tgi.member("parameters", request) == ["details": true])
  }

  @Test func `a schema is a grammar`() {
    #expect(
      tgi.member("parameters", Requests.format(.schema(Requests.schema)))?["grammar"]
        == ["type": "json", "value": Requests.schema])
  }
}
