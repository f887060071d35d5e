// Requests to OpenAI's Responses.
import Testing

@testable import FlowProviders

@Suite struct OpenAIResponsesTests {
  private let responses = OpenAIResponses(key: "k")

  @Test func `a prompt becomes instructions and an item`() throws {
    #expect(
      try responses.body(Requests.plain)
        == json(
          #"""
          {"model":"m","instructions":"Be brief.","stream":true,"store":false,
           "input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"}]}]}
          """#))
    let request = responses.request(for: Requests.plain)
    #expect(request.url == "https://api.openai.com/v1/responses")
    #expect(request.fields["Authorization"] == "Bearer k")
  }

  @Test func `images and files are parts of an item`() throws {
    #expect(
      try responses.member("input", Requests.images)?[0]?["content"]
        == json(
          #"""
          [{"type":"input_text","text":"Look"},{"type":"input_image","image_url":"data:image/png;base64,AQID"},
           {"type":"input_image","image_url":"https://x.test/a.png"}]
          """#))
    let files = ChatRequest(
      model: "m",
      messages: [
        .user(
          .file(Media(url: "https://x.test/a.pdf")),
          .file(Media(bytes: [2], mimeType: "application/pdf", name: "a.pdf")))
      ])
    #expect(
      try responses.member("input", files)?[0]?["content"]
        == json(
          #"""
          [{"type":"input_file","file_url":"https://x.test/a.pdf"},
           {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,Ag=="}]
          """#))
  }

  @Test func `thoughts, calls and results are items of their own, in their order`() throws {
    #expect(
      try responses.member("input", Requests.conversation)
        == json(
          #"""
          [{"type":"message","role":"user","content":[{"type":"input_text","text":"Rome?"}]},
           {"type":"reasoning","summary":[{"type":"summary_text","text":"Hm"}],"encrypted_content":"s"},
           {"type":"message","role":"assistant","content":[{"type":"output_text","text":"I look."}]},
           {"type":"function_call","call_id":"c1","name":"weather","arguments":"{\"city\":\"Rome\"}"},
           {"type":"function_call","call_id":"c2","name":"time","arguments":"{}"},
           {"type":"function_call_output","call_id":"c1","output":"{\"sun\":true}"},
           {"type":"function_call_output","call_id":"c2","output":"no clock"},
           {"type":"message","role":"user","content":[{"type":"input_text","text":"So?"}]}]
          """#))
  }

  @Test func `a custom call and its result have types of their own`() throws {
    let call = ToolCall(id: "c", name: "sql", arguments: "SELECT 1", form: .custom)
    let request = ChatRequest(
      model: "m",
      messages: [.assistant(.toolCall(call)), .tool(ToolResult(id: "c", name: "sql", content: "1"))])
    #expect(
      try responses.member("input", request)
        == json(
          #"""
          [{"type":"custom_tool_call","call_id":"c","name":"sql","input":"SELECT 1"},
           {"type":"custom_tool_call_output","call_id":"c","output":"1"}]
          """#))
  }

  @Test func `what the server remembers is not sent again`() throws {
    let next = OpenAIResponses(previousResponseID: "r", storage: .kept)
    #expect(next.member("input", Requests.conversation)?.array?.count == 3)
    #expect(next.member("previous_response_id", Requests.conversation) == "r")
    #expect(next.member("store", Requests.conversation) == true)
  }

  @Test func `tools are flat, and not strict unless they say so`() throws {
    #expect(
      try responses.member("tools", Requests.tools)
        == json(
          #"""
          [{"type":"function","name":"weather","description":"Tells the weather","strict":true,
            "parameters":{"type":"object","properties":{"city":{"type":"string"}}}},
           {"type":"function","name":"time","strict":false,"parameters":{"type":"object","properties":{}}}]
          """#))
    func choice(_ choice: ToolChoice) -> JSONValue? {
      responses.member("tool_choice", Requests.choosing(choice))
    }
    #expect(choice(.automatic) == nil)
    #expect(choice(.none) == "none")
    #expect(choice(.required) == "required")
    #expect(choice(.tool("time")) == ["type": "function", "name": "time"])
    #expect(responses.member("parallel_tool_calls", Requests.choosing(.automatic, parallel: true)) == true)
  }

  @Test func `sampling leaves out what it has no word for`() throws {
    #expect(
      try responses.body(Requests.sampling, without: "input")
        == json(
          #"""
          {"model":"m","stream":true,"store":false,"max_output_tokens":100,"temperature":0.5,"top_p":0.9,
           "top_logprobs":3,"include":["message.output_text.logprobs"],"safety_identifier":"u"}
          """#))
  }

  @Test func `formats stand in text`() {
    #expect(responses.member("text", Requests.short) == nil)
    #expect(responses.member("text", Requests.format(.json)) == ["format": ["type": "json_object"]])
    #expect(
      responses.member("text", Requests.format(.schema(Requests.schema, name: "n"))) == [
        "format": ["type": "json_schema", "name": "n", "schema": Requests.schema, "strict": true]
      ])
  }

  @Test func `thoughts are summed up, and come encrypted unless the server keeps them`() {
    let low = Requests.thinking(effort: "low")
    #expect(responses.member("reasoning", low) == ["effort": "low", "summary": "auto"])
    #expect(responses.member("include", low) == ["reasoning.encrypted_content"])
    #expect(OpenAIResponses(storage: .kept).member("include", low) == nil)
    #expect(
      responses.member("reasoning", Requests.thinking(effort: "low", isShown: false)) == ["effort": "low"])
    #expect(responses.member("reasoning", Requests.thinking(maxTokens: 0)) == ["effort": "none"])
  }
}
