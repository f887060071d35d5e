// Lists of models, as servers give them.
import Testing

@testable import FlowProviders

@Suite struct ModelListTests {
  @Test(arguments: [
    (#"{"object":"list","data":[{"id":"a","object":"model"},{"id":"b"}]}"#, ["a", "b"]),
    (#"{"models":[{"name":"qwen3:4b","model":"qwen3:4b"}]}"#, ["qwen3:4b"]),
    (
      #"{"models":[{"type":"embedding","key":"e"},{"type":"llm","key":"a","loaded_instances":[]},"#
        + #"{"type":"llm","key":"b","loaded_instances":[{"id":"b"}]}]}"#, ["b", "a"]
    ),
    (
      #"{"models":[{"name":"models/x","supportedGenerationMethods":["embedContent"]},"#
        + #"{"name":"models/gemini","supportedGenerationMethods":["generateContent"]}]}"#, ["gemini"]
    ),
    (#"{"model_id":"org/name","version":"3"}"#, ["org/name"]),
    (#"{"error":"no"}"#, []),
  ])
  func `names come out of every shape`(text: String, names: [String]) throws {
    #expect(ConfiguredProvider.modelNames(in: try JSONValue(parsing: text)) == names)
  }

  @Test func `a list is asked for with the key and the headers of the provider`() throws {
    let provider = try #require(
      ProviderEnvironment(["ANTHROPIC_API_KEY": "k"]).provider(named: "anthropic"))
    let request = try #require(provider.modelListRequest)
    #expect(request.method == "GET")
    #expect(request.url == "https://api.anthropic.com/v1/models")
    #expect(request[header: "x-api-key"]?.revealed == "k")
    #expect(request[header: "anthropic-version"] != nil)
    #expect(request[header: "Content-Type"] == nil)
  }
}
