// Requests to LM Studio's own endpoint.
import Testing

@testable import FlowProviders

@Suite struct LMStudioTests {
  private let studio = LMStudio(key: "k")

  @Test func `a prompt is the input, the system has a field`() throws {
    #expect(
      try studio.body(Requests.plain)
        == json(#"{"model":"m","input":"Hi","system_prompt":"Be brief.","stream":true}"#))
    let request = studio.request(for: Requests.plain)
    #expect(request.url == "http://127.0.0.1:1234/api/v1/chat")
    #expect(request.fields["Authorization"] == "Bearer k")
  }

  @Test func `images stand behind the words`() throws {
    #expect(
      try studio.member("input", Requests.images)
        == json(
          #"""
          [{"type":"message","content":"Look"},{"type":"image","data_url":"data:image/png;base64,AQID"},
           {"type":"image","data_url":"https://x.test/a.png"}]
          """#))
  }

  @Test func `a conversation is a script, unless the server remembers it`() {
    let request = ChatRequest(model: "m", messages: [.user("a"), .assistant("b"), .user("c")])
    #expect(studio.member("input", request) == "user: a\n\nassistant: b\n\nuser: c")
    let next = LMStudio(previousResponseID: "r")
    #expect(next.member("input", request) == "c")
    #expect(next.member("previous_response_id", request) == "r")
  }

  @Test func `it knows no tools of the client, but runs its own`() throws {
    #expect(studio.body(Requests.tools) == studio.body(Requests.short))
    #expect(LMStudio(integrations: ["mcp/x"]).member("integrations", Requests.short) == ["mcp/x"])
  }

  @Test func `sampling leaves out what it has no word for`() throws {
    #expect(
      try studio.body(Requests.sampling, without: "input")
        == json(
          #"""
          {"model":"m","stream":true,"temperature":0.5,"top_p":0.9,"top_k":40,"min_p":0.1,"repeat_penalty":1.1,
           "max_output_tokens":100}
          """#))
  }

  @Test func `reasoning is a step, on or off`() {
    #expect(studio.member("reasoning", Requests.short) == nil)
    #expect(studio.member("reasoning", Requests.thinking()) == "on")
    #expect(studio.member("reasoning", Requests.thinking(effort: "low")) == "low")
    #expect(studio.member("reasoning", Requests.thinking(maxTokens: 0)) == "off")
  }
}
