// What lists of models tell of what they can do.
import Testing

@testable import FlowProviders

@Suite struct ModelListCapabilityTests {
  private func known(_ text: String, _ name: String = "m") throws -> Capabilities {
    try #require(ConfiguredProvider.capabilities(in: try JSONValue(parsing: text))[name])
  }

  @Test func `words in lists, and words that are true`() throws {
    let openRouter = try known(
      #"{"data":[{"id":"m","context_length":8192,"supported_parameters":["tools","seed","structured_outputs"],"architecture":{"input_modalities":["text","image"]}}]}"#
    )
    #expect(
      openRouter.features == [.tools: .probed, .seed: .probed, .structuredOutput: .probed, .vision: .probed])
    #expect(openRouter.contextWindow == 8192)
    let mistral = try known(
      #"{"data":[{"id":"m","max_context_length":32000,"capabilities":{"function_calling":true,"vision":false}}]}"#
    )
    #expect(mistral.features == [.tools: .probed])
    #expect(mistral.contextWindow == 32000)
    let llama = try known(#"{"models":[{"name":"m","capabilities":["completion","multimodal"]}]}"#)
    #expect(llama.features == [.vision: .probed])
  }

  @Test func `sizes under all their names`() throws {
    #expect(try known(#"{"data":[{"id":"m","max_model_len":100}]}"#).contextWindow == 100)
    #expect(try known(#"{"data":[{"id":"m","context_window":0}]}"#).contextWindow == nil)
    let gemini = try known(#"{"models":[{"name":"models/m","inputTokenLimit":5,"outputTokenLimit":6}]}"#)
    #expect(gemini.contextWindow == 5 && gemini.maxOutputTokens == 6)
    #expect(try known(#"{"model_id":"m","max_total_tokens":7}"#).contextWindow == 7)
  }

  @Test(arguments: ["null", "[]", "{}", #"{"data":{}}"#, #"{"data":[1,null,{"id":7}]}"#])
  func `what is no list tells nothing`(text: String) throws {
    #expect(ConfiguredProvider.capabilities(in: try JSONValue(parsing: text)).isEmpty)
  }
}
