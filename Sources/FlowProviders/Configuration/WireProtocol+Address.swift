// Which protocol is spoken at an address.

extension WireProtocol {
  /// The protocol that is spoken at this address, as far as it tells: of a provider that is known by name, with its
  /// deviations, or of whoever has that path.
  public init?(address: String) {
    guard let address = ProviderAddress(address)?.shown else { return nil }
    if let wire = WireProtocol.known(at: address) {
      self = wire
      return
    }
    let ends: [(String, WireProtocol)] = [
      ("/chat/completions", .openAIChat), ("/responses", .openAIResponses), ("/v1/messages", .anthropic),
      ("/api/chat", .ollama), ("/api/generate", .ollama), ("/api/v1/chat", .lmStudio),
      ("/generate_stream", .tgi), (":streamGenerateContent", .gemini), ("/interactions", .gemini),
      ("/v2/chat", .cohere),
    ]
    guard let found = ends.first(where: { address.hasSuffix($0.0) }) else { return nil }
    self = found.1
  }

  /// The protocol of a service at exactly this address.
  private static func known(at address: String) -> WireProtocol? {
    for known in KnownProvider.all {
      guard case .service(let base) = known.place, address.hasPrefix(base) else { continue }
      let configured = ConfiguredProvider(known, [known.addressVariables[0]: base])
      guard let format = configured.format(for: "m") else { continue }
      let sent = format.request(for: ChatRequest(model: "m")).url
      // Gemini's model is a part of the path.
      if ProviderAddress(sent)?.shown == address { return format.wire }
    }
    return nil
  }
}
