// Requests to Anthropic's Messages.
import Testing

@testable import FlowProviders

@Suite struct AnthropicTests {
  private let anthropic = Anthropic(key: "k", betas: ["a", "b"])

  @Test func `the system stands at the top, and a limit is required`() throws {
    #expect(
      try anthropic.body(Requests.plain)
        == json(
          #"""
          {"model":"m","max_tokens":4096,"system":"Be brief.","stream":true,
           "messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]}
          """#))
    let request = anthropic.request(for: Requests.plain)
    #expect(request.url == "https://api.anthropic.com/v1/messages")
    #expect(request.fields["x-api-key"] == "k")
    #expect(request.fields["anthropic-version"] == "2023-06-01")
    #expect(request.fields["anthropic-beta"] == "a,b")
    #expect(Anthropic().request(for: Requests.plain).fields["anthropic-beta"] == nil)
  }

  @Test func `images are sources, files documents`() throws {
    #expect(
      try anthropic.member("messages", Requests.images)?[0]?["content"]
        == json(
          #"""
          [{"type":"text","text":"Look"},
           {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AQID"}},
           {"type":"image","source":{"type":"url","url":"https://x.test/a.png"}}]
          """#))
    let file = ChatRequest(
      model: "m", messages: [.user(.file(Media(bytes: [2], mimeType: "application/pdf")))])
    #expect(
      try anthropic.member("messages", file)?[0]?["content"]
        == json(
          #"""
          [{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"Ag=="}}]
          """#))
  }

  @Test func `results are the user's, and neighbours of one role are one turn`() throws {
    #expect(
      try anthropic.member("messages", Requests.conversation)
        == json(
          #"""
          [{"role":"user","content":[{"type":"text","text":"Rome?"}]},
           {"role":"assistant","content":[{"type":"thinking","thinking":"Hm","signature":"s"},
             {"type":"text","text":"I look."},
             {"type":"tool_use","id":"c1","name":"weather","input":{"city":"Rome"}},
             {"type":"tool_use","id":"c2","name":"time","input":{}}]},
           {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"{\"sun\":true}"},
             {"type":"tool_result","tool_use_id":"c2","content":"no clock","is_error":true},
             {"type":"text","text":"So?"}]}]
          """#))
  }

  @Test func `thoughts without a signature stay here, those without words are redacted`() throws {
    let request = ChatRequest(
      model: "m",
      messages: [
        .user("a"), .assistant(.reasoning("Hm")), .assistant(.reasoning("", signature: "x"), .text("")),
      ])
    #expect(
      try anthropic.member("messages", request)
        == json(
          #"""
          [{"role":"user","content":[{"type":"text","text":"a"}]},
           {"role":"assistant","content":[{"type":"redacted_thinking","data":"x"}]}]
          """#))
  }

  @Test func `tools have an input schema`() throws {
    #expect(
      try anthropic.member("tools", Requests.tools)
        == json(
          #"""
          [{"name":"weather","description":"Tells the weather","strict":true,
            "input_schema":{"type":"object","properties":{"city":{"type":"string"}}}},
           {"name":"time","input_schema":{"type":"object","properties":{}}}]
          """#))
    func choice(_ choice: ToolChoice, parallel: Bool? = nil) -> JSONValue? {
      anthropic.member("tool_choice", Requests.choosing(choice, parallel: parallel))
    }
    #expect(choice(.automatic) == nil)
    #expect(choice(.none) == ["type": "none"])
    #expect(choice(.required) == ["type": "any"])
    #expect(choice(.tool("time")) == ["type": "tool", "name": "time"])
    #expect(choice(.automatic, parallel: false) == ["type": "auto", "disable_parallel_tool_use": true])
    #expect(choice(.none, parallel: false) == ["type": "none"])
  }

  @Test func `sampling leaves out what it has no word for`() throws {
    #expect(
      try anthropic.body(Requests.sampling, without: "messages")
        == json(
          #"""
          {"model":"m","stream":true,"max_tokens":100,"temperature":0.5,"top_p":0.9,"top_k":40,
           "stop_sequences":["END"],"metadata":{"user_id":"u"}}
          """#))
  }

  @Test func `a schema is an output format`() {
    #expect(
      anthropic.member("output_config", Requests.format(.schema(Requests.schema)))
        == ["format": ["type": "json_schema", "schema": Requests.schema]])
    #expect(anthropic.body(Requests.format(.json)) == anthropic.body(Requests.short))
  }

  @Test func `thoughts fit into the limit, which leaves room for the answer`() {
    func thinking(_ request: ChatRequest) -> [JSONValue?] {
      [anthropic.member("thinking", request), anthropic.member("max_tokens", request)]
    }
    func enabled(_ budget: Int) -> JSONValue { ["type": "enabled", "budget_tokens": .integer(budget)] }
    #expect(thinking(Requests.thinking(maxTokens: 2000)) == [enabled(2000), 6096])
    #expect(thinking(Requests.thinking(effort: "high")) == [enabled(16384), 20480])
    #expect(thinking(Requests.thinking(maxTokens: 10)) == [enabled(1024), 5120])
    #expect(
      thinking(Requests.thinking(maxTokens: 9000).with(\.maxOutputTokens, 2048)) == [enabled(2047), 2048])
    #expect(thinking(Requests.thinking(maxTokens: 9000).with(\.maxOutputTokens, 500)) == [nil, 500])
    #expect(thinking(Requests.thinking(effort: "none")) == [["type": "disabled"], 4096])
  }
}
