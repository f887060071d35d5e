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

  /// Every protocol that has a name.
  public static let all: [WireProtocol] = [.openAIChat]

  /// The protocol of this name.
  public init?(named name: String) {
    guard let found = WireProtocol.all.first(where: { $0.name == name }) else { return nil }
    self = found
  }
}
