// Requests to Cohere.
import Testing

@testable import FlowProviders

@Suite struct CohereTests {
  private let cohere = Cohere(key: "k")

  @Test func `a prompt becomes messages`() throws {
    #expect(
      try cohere.body(Requests.plain)
        == json(
          #"""
          {"model":"m","stream":true,
           "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]}
          """#))
    let request = cohere.request(for: Requests.plain)
    #expect(request.url == "https://api.cohere.com/v2/chat")
    #expect(request.fields["Authorization"] == "Bearer k")
  }

  @Test func `images stand as URLs`() throws {
    #expect(
      try cohere.member("messages", Requests.images)?[0]?["content"]
        == json(
          #"""
          [{"type":"text","text":"Look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}},
           {"type":"image_url","image_url":{"url":"https://x.test/a.png"}}]
          """#))
  }

  @Test func `what is thought and said before calls is their plan`() throws {
    #expect(
      try cohere.member("messages", Requests.conversation)
        == json(
          #"""
          [{"role":"user","content":"Rome?"},
           {"role":"assistant","tool_plan":"HmI look.","tool_calls":[
             {"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Rome\"}"}},
             {"id":"c2","type":"function","function":{"name":"time","arguments":"{}"}}]},
           {"role":"tool","tool_call_id":"c1","content":"{\"sun\":true}"},
           {"role":"tool","tool_call_id":"c2","content":"no clock"},
           {"role":"user","content":"So?"}]
          """#))
  }

  @Test func `tools are functions, strictness is one for all`() throws {
    #expect(
      try cohere.member("tools", Requests.tools)
        == json(
          #"""
          [{"type":"function","function":{"name":"weather","description":"Tells the weather",
             "parameters":{"type":"object","properties":{"city":{"type":"string"}}}}},
           {"type":"function","function":{"name":"time","parameters":{"type":"object","properties":{}}}}]
          """#))
    #expect(cohere.member("strict_tools", Requests.tools) == nil)
    #expect(cohere.member("strict_tools", Requests.short.with(\.tools, [Requests.weather])) == true)
  }

  @Test func `a tool that must be called is the only one`() {
    func choice(_ choice: ToolChoice) -> JSONValue? {
      cohere.member("tool_choice", Requests.choosing(choice))
    }
    #expect(choice(.automatic) == nil)
    #expect(choice(.none) == "NONE")
    #expect(choice(.required) == "REQUIRED")
    #expect(choice(.tool("time")) == "REQUIRED")
    let named = cohere.member("tools", Requests.choosing(.tool("time")))
    #expect(named?.array?.compactMap { $0["function"]?["name"] } == ["time"])
    #expect(cohere.member("tool_choice", Requests.short.with(\.toolChoice, .required)) == nil)
  }

  @Test func `sampling has short names`() throws {
    #expect(
      try cohere.body(Requests.sampling, without: "messages")
        == json(
          #"""
          {"model":"m","stream":true,"max_tokens":100,"temperature":0.5,"p":0.9,"k":40,"seed":7,
           "frequency_penalty":0.2,"presence_penalty":0.3,"stop_sequences":["END"],"logprobs":true}
          """#))
  }

  @Test func `a format is an object, with a schema or without`() {
    #expect(cohere.member("response_format", Requests.format(.json)) == ["type": "json_object"])
    #expect(
      cohere.member("response_format", Requests.format(.schema(Requests.schema)))
        == ["type": "json_object", "json_schema": Requests.schema])
  }

  @Test func `thinking is on or off, with a budget`() {
    #expect(
      cohere.member("thinking", Requests.thinking(maxTokens: 9)) == ["type": "enabled", "token_budget": 9])
    #expect(cohere.member("thinking", Requests.thinking(effort: "none")) == ["type": "disabled"])
  }
}
