// Requests in OpenAI's chat language and its dialects.
import Testing

@testable import FlowProviders

@Suite struct OpenAIChatTests {
  private let openAI = OpenAIChat(key: "k")
  private let plain = OpenAIChat(.init(base: "http://x.test/v1"))

  @Test func `a prompt becomes messages of a system and a user`() throws {
    #expect(
      try openAI.body(Requests.plain)
        == json(
          #"""
          {"model":"m","stream":true,"stream_options":{"include_usage":true},
           "messages":[{"role":"developer","content":"Be brief."},{"role":"user","content":"Hi"}]}
          """#))
    let request = openAI.request(for: Requests.plain)
    #expect(request.url == "https://api.openai.com/v1/chat/completions")
    #expect(request.fields["Authorization"] == "Bearer k")
  }

  @Test func `images stand as URLs, with their bytes in them`() throws {
    #expect(
      try openAI.member("messages", Requests.images)
        == json(
          #"""
          [{"role":"user","content":[{"type":"text","text":"Look"},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}},
            {"type":"image_url","image_url":{"url":"https://x.test/a.png"}}]}]
          """#))
  }

  @Test func `sounds, files and raw parts have forms of their own`() throws {
    let request = ChatRequest(
      model: "m",
      messages: [
        .user(
          .audio(Media(bytes: [1], mimeType: "audio/mpeg")),
          .file(Media(bytes: [2], mimeType: "application/pdf", name: "a.pdf")), .raw(["type": "odd"]))
      ])
    #expect(
      try openAI.member("messages", request)
        == json(
          #"""
          [{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AQ==","format":"mp3"}},
            {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,Ag=="}},
            {"type":"odd"}]}]
          """#))
  }

  @Test func `calls and results go back, each result as a message`() throws {
    #expect(
      try openAI.member("messages", Requests.conversation)
        == json(
          #"""
          [{"role":"user","content":"Rome?"},
           {"role":"assistant","content":"I look.","tool_calls":[
             {"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Rome\"}"}},
             {"id":"c2","type":"function","function":{"name":"time","arguments":"{}"}}]},
           {"role":"tool","tool_call_id":"c1","content":"{\"sun\":true}"},
           {"role":"tool","tool_call_id":"c2","content":"no clock"},
           {"role":"user","content":"So?"}]
          """#))
  }

  @Test func `a turn of calls alone has no content, a custom call its text`() throws {
    let call = ToolCall(id: "c", name: "sql", arguments: "SELECT 1", form: .custom)
    let request = ChatRequest(model: "m", messages: [.assistant(.toolCall(call))])
    #expect(
      try openAI.member("messages", request)
        == json(
          #"""
          [{"role":"assistant","content":null,
            "tool_calls":[{"id":"c","type":"custom","custom":{"name":"sql","input":"SELECT 1"}}]}]
          """#))
  }

  @Test func `tools are functions`() throws {
    #expect(
      try openAI.member("tools", Requests.tools)
        == json(
          #"""
          [{"type":"function","function":{"name":"weather","description":"Tells the weather","strict":true,
             "parameters":{"type":"object","properties":{"city":{"type":"string"}}}}},
           {"type":"function","function":{"name":"time","parameters":{"type":"object","properties":{}}}}]
          """#))
  }

  @Test func `the choice of tools has a word for each`() throws {
    func choice(_ choice: ToolChoice) -> JSONValue? {
      openAI.member("tool_choice", Requests.choosing(choice))
    }
    #expect(choice(.automatic) == nil)
    #expect(choice(.none) == "none")
    #expect(choice(.required) == "required")
    #expect(choice(.tool("time")) == ["type": "function", "function": ["name": "time"]])
    #expect(openAI.member("parallel_tool_calls", Requests.choosing(.automatic, parallel: false)) == false)
    #expect(openAI.member("tool_choice", Requests.short.with(\.toolChoice, .required)) == nil)
    #expect(OpenAIChat(.mistral).member("tool_choice", Requests.choosing(.required)) == "any")
  }

  @Test func `sampling keeps to what the dialect knows`() throws {
    let common = #"""
      "model":"m","stream":true,"stream_options":{"include_usage":true},"temperature":0.5,"top_p":0.9,"seed":7,
      "frequency_penalty":0.2,"presence_penalty":0.3,"n":2,"stop":["END"],"logprobs":true,"top_logprobs":3,
      "user":"u"
      """#
    #expect(
      try openAI.body(Requests.sampling, without: "messages")
        == json("{\(common),\"max_completion_tokens\":100}"))
    let wider = #""max_tokens":100,"top_k":40,"min_p":0.1,"repetition_penalty":1.1"#
    #expect(
      try OpenAIChat(.llamaCpp()).body(Requests.sampling, without: "messages") == json("{\(common),\(wider)}")
    )
    #expect(OpenAIChat(.mistral).member("random_seed", Requests.sampling) == 7)
    #expect(OpenAIChat(.mistral).member("seed", Requests.sampling) == nil)
    #expect(OpenAIChat(.mistral).member("stream_options", Requests.sampling) == nil)
  }

  @Test func `a response format is an object or a schema with a name`() throws {
    #expect(openAI.member("response_format", Requests.short) == nil)
    #expect(openAI.member("response_format", Requests.format(.json)) == ["type": "json_object"])
    #expect(
      openAI.member("response_format", Requests.format(.schema(Requests.schema, name: "n"))) == [
        "type": "json_schema", "json_schema": ["name": "n", "schema": Requests.schema, "strict": true],
      ])
  }

  @Test func `each dialect asks for thoughts in its own words`() {
    let low = Requests.thinking(effort: "low")
    let off = Requests.thinking(maxTokens: 0)
    #expect(openAI.member("reasoning_effort", low) == "low")
    #expect(openAI.member("reasoning_effort", off) == "none")
    #expect(openAI.member("reasoning_effort", Requests.thinking(maxTokens: 9)) == nil)
    #expect(OpenAIChat(.openRouter).member("reasoning", low) == ["effort": "low"])
    #expect(
      OpenAIChat(.openRouter).member("reasoning", Requests.thinking(maxTokens: 9, isShown: false))
        == ["max_tokens": 9, "exclude": true])
    #expect(OpenAIChat(.deepSeek).member("thinking", low) == ["type": "enabled"])
    #expect(OpenAIChat(.deepSeek).member("thinking", off) == ["type": "disabled"])
    #expect(OpenAIChat(.alibaba).member("enable_thinking", off) == false)
    #expect(OpenAIChat(.alibaba).member("thinking_budget", Requests.thinking(maxTokens: 9)) == 9)
    #expect(plain.body(low) == plain.body(Requests.short))
  }

  @Test func `thoughts go back only to who wants them, results carry names for who needs them`() {
    #expect(openAI.member("messages", Requests.conversation)?[1]?["reasoning_content"] == nil)
    #expect(
      OpenAIChat(.deepSeek).member("messages", Requests.conversation)?[1]?["reasoning_content"] == "Hm")
    #expect(OpenAIChat(.mistral).member("messages", Requests.conversation)?[2]?["name"] == "weather")
  }

  @Test func `Azure has the deployment in its path and the bare key in its header`() {
    let azure = OpenAIChat(.azure(resource: "https://r.test/", deployment: "d", apiVersion: "v"), key: "k")
    let request = azure.request(for: Requests.plain)
    #expect(request.url == "https://r.test/openai/deployments/d/chat/completions?api-version=v")
    #expect(request.fields["api-key"] == "k")
    #expect(request.fields["Authorization"] == nil)
  }

  @Test(arguments: [
    (OpenAIDialect.openRouter, "https://openrouter.ai/api/v1"), (.groq, "https://api.groq.com/openai/v1"),
    (.mistral, "https://api.mistral.ai/v1"), (.deepSeek, "https://api.deepseek.com"),
    (.xAI, "https://api.x.ai/v1"), (.cerebras, "https://api.cerebras.ai/v1"),
    (.perplexity, "https://api.perplexity.ai"), (.huggingFace, "https://router.huggingface.co/v1"),
    (.lmStudio(), "http://127.0.0.1:1234/v1"), (.ollama(), "http://127.0.0.1:11434/v1"),
    (.tgi(base: "http://tgi.test/v1"), "http://tgi.test/v1"), (.llamaCpp(), "http://127.0.0.1:8080/v1"),
  ])
  func `every dialect is spoken at its own place`(dialect: OpenAIDialect, base: String) {
    let request = OpenAIChat(dialect, key: "k").request(for: Requests.plain)
    #expect(request.url == base + "/chat/completions")
    #expect(request.fields["Authorization"] == "Bearer k")
  }
}
