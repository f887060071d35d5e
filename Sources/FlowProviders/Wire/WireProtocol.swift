// The protocols that can be decoded, by name.

/// A wire protocol: what its bytes look like and who reads them.
public struct WireProtocol: Sendable {
  /// The protocol's public name.
  public let name: String
  /// How its frames lie in the bytes, unless somebody says otherwise.
  public let framing: WireFraming
  let makeReader: @Sendable () -> any WireReader
}

extension WireProtocol {
  public static let openAIChat = WireProtocol(name: "openai-chat", framing: .events) { OpenAIChatReader() }

  public static let openAIResponses = WireProtocol(name: "openai-responses", framing: .events) {
    OpenAIResponsesReader()
  }
  public static let anthropic = WireProtocol(name: "anthropic", framing: .events) { AnthropicReader() }
  public static let ollama = WireProtocol(name: "ollama", framing: .jsonLines) { OllamaReader() }
  public static let lmStudio = WireProtocol(name: "lmstudio", framing: .events) { LMStudioReader() }
  public static let tgi = WireProtocol(name: "tgi", framing: .events) { TGIReader() }
  public static let gemini = WireProtocol(name: "gemini", framing: .events) { GeminiReader() }
  public static let cohere = WireProtocol(name: "cohere", framing: .events) { CohereReader() }

  /// Every protocol that has a name.
  public static let all: [WireProtocol] = [
    .openAIChat, .openAIResponses, .anthropic, .ollama, .lmStudio, .tgi, .gemini, .cohere,
  ]

  /// The protocol of this name.
  public init?(named name: String) {
    guard let found = WireProtocol.all.first(where: { $0.name == name }) else { return nil }
    self = found
  }
}
