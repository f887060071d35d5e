// Requests to Gemini.
import Testing

@testable import FlowProviders

@Suite struct GeminiTests {
  private let gemini = Gemini(key: "k")

  @Test func `a prompt becomes contents, the system an instruction`() throws {
    #expect(
      try gemini.body(Requests.plain)
        == json(
          #"""
          {"contents":[{"role":"user","parts":[{"text":"Hi"}]}],
           "systemInstruction":{"parts":[{"text":"Be brief."}]}}
          """#))
    let request = gemini.request(for: Requests.plain)
    #expect(
      request.url
        == "https://generativelanguage.googleapis.com/v1beta/models/m:streamGenerateContent?alt=sse")
    #expect(request.fields["x-goog-api-key"] == "k")
    let tuned = gemini.request(for: ChatRequest(model: "tunedModels/t", prompt: "Hi"))
    #expect(tuned.url.hasSuffix("/v1beta/tunedModels/t:streamGenerateContent?alt=sse"))
  }

  @Test func `images are data, or files elsewhere`() throws {
    #expect(
      try gemini.member("contents", Requests.images)?[0]?["parts"]
        == json(
          #"""
          [{"text":"Look"},{"inlineData":{"mimeType":"image/png","data":"AQID"}},
           {"fileData":{"mimeType":"image/png","fileUri":"https://x.test/a.png"}}]
          """#))
  }

  @Test func `calls and results are parts, with the tool's name`() throws {
    #expect(
      try gemini.member("contents", Requests.conversation)
        == json(
          #"""
          [{"role":"user","parts":[{"text":"Rome?"}]},
           {"role":"model","parts":[{"text":"Hm","thought":true,"thoughtSignature":"s"},{"text":"I look."},
             {"functionCall":{"name":"weather","args":{"city":"Rome"}}},{"functionCall":{"name":"time","args":{}}}]},
           {"role":"user","parts":[{"functionResponse":{"name":"weather","response":{"sun":true}}},
             {"functionResponse":{"name":"time","response":{"error":"no clock"}}}]},
           {"role":"user","parts":[{"text":"So?"}]}]
          """#))
  }

  @Test func `a signature goes back with its part`() throws {
    let call = ToolCall(id: "c", name: "f", signature: "t")
    let request = ChatRequest(
      model: "m",
      messages: [
        .assistant(.text("a"), .reasoning("", signature: "s"), .toolCall(call)), .user(.reasoning("")),
      ])
    #expect(
      try gemini.member("contents", request)?[0]?["parts"]
        == json(
          #"""
          [{"text":"a","thoughtSignature":"s"},{"functionCall":{"name":"f","args":{}},"thoughtSignature":"t"}]
          """#))
  }

  @Test func `tools are declarations, the choice a mode`() throws {
    #expect(
      try gemini.member("tools", Requests.tools)
        == json(
          #"""
          [{"functionDeclarations":[{"name":"weather","description":"Tells the weather",
             "parametersJsonSchema":{"type":"object","properties":{"city":{"type":"string"}}}},
            {"name":"time","parametersJsonSchema":{"type":"object","properties":{}}}]}]
          """#))
    func choice(_ choice: ToolChoice) -> JSONValue? {
      gemini.member("toolConfig", Requests.choosing(choice))?["functionCallingConfig"]
    }
    #expect(choice(.automatic) == nil)
    #expect(choice(.none) == ["mode": "NONE"])
    #expect(choice(.required) == ["mode": "ANY"])
    #expect(choice(.tool("time")) == ["mode": "ANY", "allowedFunctionNames": ["time"]])
  }

  @Test func `sampling stands in the configuration`() throws {
    #expect(
      try gemini.body(Requests.sampling, without: "contents")
        == json(
          #"""
          {"generationConfig":{"maxOutputTokens":100,"temperature":0.5,"topP":0.9,"topK":40,"seed":7,
           "candidateCount":2,"presencePenalty":0.3,"frequencyPenalty":0.2,"stopSequences":["END"],
           "responseLogprobs":true,"logprobs":3}}
          """#))
    let safe = Gemini(safetySettings: [["category": "c"]])
    #expect(safe.member("safetySettings", Requests.short) == [["category": "c"]])
  }

  @Test func `a format is a type, and a schema beside it`() {
    #expect(
      gemini.member("generationConfig", Requests.format(.json)) == ["responseMimeType": "application/json"])
    #expect(
      gemini.member("generationConfig", Requests.format(.schema(Requests.schema)))
        == ["responseMimeType": "application/json", "responseJsonSchema": Requests.schema])
  }

  @Test func `thinking has a budget or a level`() {
    func thinking(_ request: ChatRequest) -> JSONValue? {
      gemini.member("generationConfig", request)?["thinkingConfig"]
    }
    #expect(thinking(Requests.thinking(maxTokens: 9)) == ["includeThoughts": true, "thinkingBudget": 9])
    #expect(
      thinking(Requests.thinking(effort: "low", isShown: false))
        == ["includeThoughts": false, "thinkingLevel": "low"])
    #expect(thinking(Requests.thinking(effort: "none")) == ["includeThoughts": false, "thinkingBudget": 0])
  }
}

@Suite struct GeminiInteractionsTests {
  private let gemini = GeminiInteractions(key: "k")

  @Test func `a prompt becomes a step`() throws {
    #expect(
      try gemini.body(Requests.plain)
        == json(
          #"""
          {"model":"m","system_instruction":"Be brief.","stream":true,"store":false,
           "input":[{"type":"user_input","content":[{"type":"text","text":"Hi"}]}]}
          """#))
    let request = gemini.request(for: Requests.plain)
    #expect(request.url == "https://generativelanguage.googleapis.com/v1beta/interactions")
    #expect(request.fields["x-goog-api-key"] == "k")
  }

  @Test func `media are contents`() throws {
    #expect(
      try gemini.member("input", Requests.images)?[0]?["content"]
        == json(
          #"""
          [{"type":"text","text":"Look"},{"type":"image","mime_type":"image/png","data":"AQID"},
           {"type":"image","mime_type":"image/png","uri":"https://x.test/a.png"}]
          """#))
  }

  @Test func `thoughts, calls and results are steps`() throws {
    #expect(
      try gemini.member("input", Requests.conversation)
        == json(
          #"""
          [{"type":"user_input","content":[{"type":"text","text":"Rome?"}]},{"type":"thought","signature":"s"},
           {"type":"model_output","content":[{"type":"text","text":"I look."}]},
           {"type":"function_call","id":"c1","name":"weather","arguments":{"city":"Rome"}},
           {"type":"function_call","id":"c2","name":"time","arguments":{}},
           {"type":"function_result","call_id":"c1","name":"weather","result":"{\"sun\":true}"},
           {"type":"function_result","call_id":"c2","name":"time","result":"no clock"},
           {"type":"user_input","content":[{"type":"text","text":"So?"}]}]
          """#))
    let next = GeminiInteractions(previousInteractionID: "i", storage: .kept)
    #expect(next.member("input", Requests.conversation)?.array?.count == 3)
    #expect(next.member("previous_interaction_id", Requests.conversation) == "i")
  }

  @Test func `tools, figures and thinking have words of their own`() throws {
    #expect(
      try gemini.member("tools", Requests.tools)?[0]
        == json(
          #"""
          {"type":"function","name":"weather","description":"Tells the weather",
           "parameters":{"type":"object","properties":{"city":{"type":"string"}}}}
          """#))
    #expect(
      try gemini.member("generation_config", Requests.sampling)
        == json(
          #"{"max_output_tokens":100,"temperature":0.5,"top_p":0.9,"seed":7,"stop_sequences":["END"]}"#))
    #expect(
      gemini.member("generation_config", Requests.thinking(effort: "low"))
        == ["thinking_level": "low", "thinking_summaries": "auto"])
    #expect(gemini.member("generation_config", Requests.choosing(.required)) == ["tool_choice": "any"])
    #expect(gemini.member("response_format", Requests.format(.schema(Requests.schema))) == Requests.schema)
  }
}
