// Requests to Ollama.
import Testing

@testable import FlowProviders

@Suite struct OllamaTests {
  private let ollama = Ollama()

  @Test func `a prompt becomes messages`() throws {
    #expect(
      try ollama.body(Requests.plain)
        == json(
          #"""
          {"model":"m","stream":true,
           "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]}
          """#))
    #expect(ollama.request(for: Requests.plain).url == "http://127.0.0.1:11434/api/chat")
    #expect(Ollama(key: "k").request(for: Requests.plain).fields["Authorization"] == "Bearer k")
  }

  @Test func `generate has a prompt and a system, and can fill a gap`() throws {
    let generate = Ollama(endpoint: .generate(suffix: "}"))
    #expect(
      try generate.body(Requests.plain)
        == json(#"{"model":"m","stream":true,"prompt":"Hi","suffix":"}","system":"Be brief."}"#))
    #expect(generate.request(for: Requests.plain).url == "http://127.0.0.1:11434/api/generate")
    #expect(generate.member("images", Requests.images) == ["AQID"])
  }

  @Test func `of images it gets those whose bytes are here`() throws {
    #expect(
      try ollama.member("messages", Requests.images)
        == json(#"[{"role":"user","content":"Look","images":["AQID"]}]"#))
  }

  @Test func `arguments are objects, results carry the tool's name`() throws {
    #expect(
      try ollama.member("messages", Requests.conversation)
        == json(
          #"""
          [{"role":"user","content":"Rome?"},
           {"role":"assistant","content":"I look.","thinking":"Hm","tool_calls":[
             {"function":{"name":"weather","arguments":{"city":"Rome"}}},
             {"function":{"name":"time","arguments":{}}}]},
           {"role":"tool","content":"{\"sun\":true}","tool_name":"weather"},
           {"role":"tool","content":"no clock","tool_name":"time"},
           {"role":"user","content":"So?"}]
          """#))
  }

  @Test func `tools are functions, and stay away when none may be called`() throws {
    #expect(
      try ollama.member("tools", Requests.tools)
        == json(
          #"""
          [{"type":"function","function":{"name":"weather","description":"Tells the weather",
             "parameters":{"type":"object","properties":{"city":{"type":"string"}}}}},
           {"type":"function","function":{"name":"time","parameters":{"type":"object","properties":{}}}}]
          """#))
    #expect(ollama.member("tools", Requests.choosing(.none)) == nil)
  }

  @Test func `sampling stands in options, beside the model's own`() throws {
    let wide = Ollama(options: ["num_ctx": 8192, "temperature": 1])
    #expect(
      try wide.body(Requests.sampling, without: "messages")
        == json(
          #"""
          {"model":"m","stream":true,"options":{"num_ctx":8192,"temperature":0.5,"top_p":0.9,"top_k":40,"min_p":0.1,
           "frequency_penalty":0.2,"presence_penalty":0.3,"repeat_penalty":1.1,"seed":7,"num_predict":100,
           "stop":["END"]}}
          """#))
  }

  @Test func `a format is a word or a schema`() {
    #expect(ollama.member("format", Requests.short) == nil)
    #expect(ollama.member("format", Requests.format(.json)) == "json")
    #expect(ollama.member("format", Requests.format(.schema(Requests.schema))) == Requests.schema)
  }

  @Test func `thinking is a switch or a step`() {
    #expect(ollama.member("think", Requests.short) == nil)
    #expect(ollama.member("think", Requests.thinking()) == true)
    #expect(ollama.member("think", Requests.thinking(effort: "high")) == "high")
    #expect(ollama.member("think", Requests.thinking(effort: "minimal")) == "low")
    #expect(ollama.member("think", Requests.thinking(maxTokens: 0)) == false)
  }

  @Test(arguments: [("5m", "5m" as JSONValue), ("-1", -1), ("0", 0)])
  func `how long a model stays is a duration, or a number`(keepAlive: String, value: JSONValue) {
    #expect(Ollama(keepAlive: keepAlive).member("keep_alive", Requests.short) == value)
  }
}
