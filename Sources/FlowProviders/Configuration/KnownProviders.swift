// Every provider that is known by name.

extension KnownProvider {
  /// Every provider that is known by name. Of several that are configured the first answers when nobody says which.
  public static let all: [KnownProvider] = protocols + services + servers

  /// Those with a protocol of their own.
  private static let protocols: [KnownProvider] = [
    KnownProvider(
      "openai", "OpenAI chat completions, and whoever speaks them at OPENAI_BASE_URL",
      keys: ["OPENAI_API_KEY"], addresses: ["OPENAI_BASE_URL"], at: .service("https://api.openai.com/v1"),
      modelVariable: "OPENAI_MODEL", model: "gpt-4.1-mini", features: .chat.union([.vision, .audio]),
      Language { settings in
        // Elsewhere it is somebody else, who knows the language but not its newest words.
        var dialect =
          settings.isElsewhere
          ? OpenAIDialect(name: "openai", base: settings.address.url) : OpenAIDialect.openAI
        dialect.base = settings.address.url
        return OpenAIChat(dialect, key: settings.key)
      }),
    KnownProvider(
      "openai-responses", "OpenAI responses, and whoever speaks them at OPENAI_BASE_URL",
      keys: ["OPENAI_API_KEY"], addresses: ["OPENAI_BASE_URL"], at: .service("https://api.openai.com/v1"),
      modelVariable: "OPENAI_MODEL", model: "gpt-4.1-mini",
      features: .chat.subtracting([.seed]).union([.vision]),
      Language { OpenAIResponses(base: $0.address.url, key: $0.key) }),
    KnownProvider(
      "anthropic", "Anthropic messages, and whoever speaks them at ANTHROPIC_BASE_URL",
      keys: ["ANTHROPIC_API_KEY"], addresses: ["ANTHROPIC_BASE_URL"],
      at: .service("https://api.anthropic.com"), modelVariable: "ANTHROPIC_MODEL", model: "claude-haiku-4-5",
      features: [.streaming, .tools, .parallelTools, .vision, .reasoning, .structuredOutput],
      Language(list: .path("/v1/models")) {
        Anthropic(base: $0.address.url.dropping("/v1"), key: $0.key)
      }),
    KnownProvider(
      "gemini", "Gemini, and whoever speaks its language at GEMINI_BASE_URL",
      keys: ["GEMINI_API_KEY", "GOOGLE_API_KEY"], addresses: ["GEMINI_BASE_URL", "GOOGLE_GEMINI_BASE_URL"],
      at: .service("https://generativelanguage.googleapis.com/v1beta"), modelVariable: "GEMINI_MODEL",
      model: "gemini-flash-latest",
      features: [.streaming, .tools, .parallelTools, .vision, .audio, .reasoning, .structuredOutput, .seed],
      Language { Gemini(base: $0.address.url.ending("/v1beta", unless: "/v1"), key: $0.key) }),
    KnownProvider(
      "gemini-interactions", "Gemini's interactions",
      keys: ["GEMINI_API_KEY", "GOOGLE_API_KEY"], addresses: ["GEMINI_BASE_URL", "GOOGLE_GEMINI_BASE_URL"],
      at: .service("https://generativelanguage.googleapis.com/v1beta"), modelVariable: "GEMINI_MODEL",
      model: "gemini-flash-latest", features: [.streaming, .tools, .reasoning, .structuredOutput],
      Language { GeminiInteractions(base: $0.address.url.ending("/v1beta", unless: "/v1"), key: $0.key) }),
    KnownProvider(
      "cohere", "Cohere chat, version 2", keys: ["COHERE_API_KEY", "CO_API_KEY"],
      addresses: ["COHERE_BASE_URL", "CO_API_URL"], at: .service("https://api.cohere.com"),
      modelVariable: "COHERE_MODEL", model: "command-a-03-2025",
      features: [.streaming, .tools, .parallelTools, .structuredOutput, .seed],
      Language(list: .path("/v1/models?endpoint=chat")) { Cohere(base: $0.address.url, key: $0.key) }),
  ]

  /// Those that speak a dialect of OpenAI's chat language.
  private static let services: [KnownProvider] = [
    .service("openrouter", "OpenRouter", .openRouter, "OPENROUTER", model: "openrouter/auto", .chat),
    .service("groq", "Groq", .groq, "GROQ", model: "openai/gpt-oss-20b", .chat),
    .service("mistral", "Mistral", .mistral, "MISTRAL", model: "mistral-small-latest", .chat),
    .service(
      "deepseek", "DeepSeek", .deepSeek, "DEEPSEEK", model: "deepseek-chat",
      [.streaming, .tools, .parallelTools, .reasoning, .logprobs]),
    .service("xai", "xAI", .xAI, "XAI", model: "grok-4", .chat.union([.vision])),
    .service("alibaba", "Alibaba", .alibaba, "DASHSCOPE", model: "qwen-plus", .chat),
    .service(
      "moonshot", "Moonshot", .moonshot, "MOONSHOT", model: "kimi-k2.5",
      [.streaming, .tools, .parallelTools, .reasoning]),
    .service("cerebras", "Cerebras", .cerebras, "CEREBRAS", model: "gpt-oss-120b", .chat),
    .service(
      "perplexity", "Perplexity", .perplexity, "PERPLEXITY", model: "sonar",
      [.streaming, .reasoning, .structuredOutput]),
    KnownProvider(
      "copilot", "GitHub Copilot", keys: ["GITHUB_COPILOT_TOKEN"], addresses: ["COPILOT_BASE_URL"],
      at: .service(OpenAIDialect.copilot.base), modelVariable: "COPILOT_MODEL", model: "gpt-4.1",
      features: .chat, .chat(.copilot)),
    KnownProvider(
      "azure", "OpenAI on Azure; AZURE_OPENAI_DEPLOYMENT names the model", keys: ["AZURE_OPENAI_API_KEY"],
      addresses: ["AZURE_OPENAI_ENDPOINT"],
      others: ["AZURE_OPENAI_API_VERSION", "OPENAI_API_VERSION"], at: .unknown,
      modelVariable: "AZURE_OPENAI_DEPLOYMENT",
      features: .chat.union([.vision]), needs: [.key, .address, .model],
      Language(list: .none) { settings in
        let resource = settings.address.url.dropping("/openai")
        let dialect =
          settings.other.first.map { .azure(resource: resource, deployment: settings.model, apiVersion: $0) }
          ?? OpenAIDialect.azure(resource: resource, deployment: settings.model)
        return OpenAIChat(dialect, key: settings.key)
      }),
    KnownProvider(
      "huggingface", "Hugging Face's router over many providers",
      keys: ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"],
      addresses: ["HF_BASE_URL"], at: .service(OpenAIDialect.huggingFace.base), modelVariable: "HF_MODEL",
      model: "openai/gpt-oss-20b", features: .chat, .chat(.huggingFace)),
  ]

  /// Those that run on a machine of one's own.
  private static let servers: [KnownProvider] = [
    KnownProvider(
      "ollama", "Ollama's own protocol", keys: ["OLLAMA_API_KEY"], addresses: ["OLLAMA_HOST"],
      at: .local("127.0.0.1:11434"), modelVariable: "OLLAMA_MODEL",
      features: [.streaming, .tools, .parallelTools, .vision, .reasoning, .structuredOutput, .seed],
      Language(list: .path("/api/tags")) { Ollama(base: $0.address.url.dropping("/v1"), key: $0.key) }),
    KnownProvider(
      "lmstudio", "LM Studio's own protocol; it runs tools by itself", keys: ["LMSTUDIO_API_KEY"],
      addresses: ["LMSTUDIO_HOST"], at: .local("127.0.0.1:1234"), modelVariable: "LMSTUDIO_MODEL",
      features: [.streaming, .vision, .reasoning],
      Language(list: .path("/api/v1/models")) { LMStudio(base: $0.address.url.dropping("/v1"), key: $0.key) }),
    KnownProvider(
      "lmstudio-openai", "LM Studio's OpenAI form", keys: ["LMSTUDIO_API_KEY"], addresses: ["LMSTUDIO_HOST"],
      at: .local("127.0.0.1:1234"), modelVariable: "LMSTUDIO_MODEL", features: .chat,
      Language { OpenAIChat(.lmStudio(base: $0.address.url.ending("/v1")), key: $0.key) }),
    KnownProvider(
      "llamacpp", "llama.cpp's server", keys: ["LLAMACPP_API_KEY"], addresses: ["LLAMACPP_HOST"],
      at: .local("127.0.0.1:8080"), modelVariable: "LLAMACPP_MODEL", features: .chat,
      Language { OpenAIChat(.llamaCpp(base: $0.address.url.ending("/v1")), key: $0.key) }),
    KnownProvider(
      "mistralrs", "mistral.rs", keys: ["MISTRALRS_API_KEY"], addresses: ["MISTRALRS_HOST"],
      at: .local("127.0.0.1:1234"), modelVariable: "MISTRALRS_MODEL", features: .chat,
      Language { OpenAIChat(.mistralRS(base: $0.address.url.ending("/v1")), key: $0.key) }),
    KnownProvider(
      "tgi", "Text generation inference; it knows prompts, no turns", keys: ["TGI_API_KEY"],
      addresses: ["TGI_HOST"], at: .unknown, modelVariable: "TGI_MODEL",
      features: [.streaming, .structuredOutput, .seed],
      Language(list: .path("/info")) { TGI(base: $0.address.url.dropping("/v1"), key: $0.key) }),
    KnownProvider(
      "tgi-openai", "Text generation inference, its OpenAI form", keys: ["TGI_API_KEY"],
      addresses: ["TGI_HOST"], at: .unknown, modelVariable: "TGI_MODEL", features: .chat,
      Language { OpenAIChat(.tgi(base: $0.address.url.ending("/v1")), key: $0.key) }),
  ]

  /// A service whose variables all begin with `prefix`.
  private static func service(
    _ name: String, _ title: String, _ dialect: OpenAIDialect, _ prefix: String, model: String,
    _ features: Set<Capabilities.Feature>
  ) -> KnownProvider {
    KnownProvider(
      name, title, keys: [prefix + "_API_KEY"], addresses: [prefix + "_BASE_URL"],
      at: .service(dialect.base), modelVariable: prefix + "_MODEL", model: model, features: features,
      .chat(dialect))
  }
}

extension Set<Capabilities.Feature> {
  /// What a speaker of OpenAI's chat language usually can do.
  fileprivate static var chat: Set {
    [.streaming, .tools, .parallelTools, .reasoning, .structuredOutput, .seed, .logprobs]
  }
}

extension String {
  /// Without `end`, if it has it.
  fileprivate func dropping(_ end: String) -> String { hasSuffix(end) ? String(dropLast(end.count)) : self }

  /// With `end`, unless it has it, or the other one.
  fileprivate func ending(_ end: String, unless other: String? = nil) -> String {
    hasSuffix(end) || other.map(hasSuffix) == true ? self : self + end
  }
}
