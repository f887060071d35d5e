// What a list of models tells of what they can do.

extension ConfiguredProvider {
  /// What a list of models tells of each, in whatever shape; of most it tells only that it is there.
  static func capabilities(in list: JSONValue) -> [String: Capabilities] {
    if let name = list["model_id"]?.string {
      return [
        name: Capabilities(
          source: .probed, contextWindow: (list["max_total_tokens"] ?? list["max_input_tokens"])?.int)
      ]
    }
    return entries(of: list).reduce(into: [:]) { found, model in
      if let name = name(of: model) { found[name] = Capabilities(listed: model) }
    }
  }
}

extension Capabilities {
  /// What an entry of a list says.
  init(listed model: JSONValue) {
    var words = Set<String>()
    // OpenRouter, llama.cpp, Ollama, LM Studio: words in lists.
    for list in [
      model["supported_parameters"], model["capabilities"], model["architecture"]?["input_modalities"],
    ] {
      words.formUnion(list?.array?.compactMap { $0.string?.lowercased() } ?? [])
    }
    // Mistral and others: words that are true.
    for (word, value) in model["capabilities"]?.object ?? [:] where value.bool == true {
      words.insert(word.lowercased())
    }
    let features: [(Feature, Set<String>)] = [
      (.tools, ["tools", "tool_use", "trained_for_tool_use", "function_calling"]),
      (.parallelTools, ["parallel_tool_calls"]),
      (.vision, ["vision", "image", "multimodal"]), (.audio, ["audio"]),
      (.reasoning, ["reasoning", "thinking", "include_reasoning"]),
      (.structuredOutput, ["structured_outputs", "structured_output", "response_format"]),
      (.seed, ["seed"]), (.logprobs, ["logprobs"]), (.embeddings, ["embedding", "embeddings"]),
    ]
    let found = features.filter { !$0.1.isDisjoint(with: words) }.map(\.0)
    func first(_ names: String...) -> Int? { names.lazy.compactMap { model[$0]?.int }.first { $0 > 0 } }
    self.init(
      Set(found), source: .probed,
      contextWindow: first(
        "loaded_context_length", "context_length", "context_window", "max_model_len", "max_context_length",
        "inputTokenLimit", "max_input_tokens"),
      maxOutputTokens: first("max_completion_tokens", "outputTokenLimit", "max_output_tokens", "max_tokens"))
  }

  /// What is known when `other` is known too. What was seen is surer than what a provider says of itself, and that surer
  /// than what somebody wrote down; of two that are equally sure, `other` counts.
  public func merging(_ other: Capabilities) -> Capabilities {
    var merged = self
    for (feature, source) in other.features {
      if let known = merged.features[feature], known.rank > source.rank { continue }
      merged.features[feature] = source
      merged.missing.remove(feature)
    }
    for feature in other.missing where merged.features[feature] != .observed {
      merged.features[feature] = nil
      merged.missing.insert(feature)
    }
    merged.contextWindow = other.contextWindow ?? contextWindow
    merged.maxOutputTokens = other.maxOutputTokens ?? maxOutputTokens
    return merged
  }
}

extension Capabilities.Source {
  fileprivate var rank: Int {
    switch self {
    case .declared: 0
    case .probed: 1
    case .observed: 2
    }
  }
}
