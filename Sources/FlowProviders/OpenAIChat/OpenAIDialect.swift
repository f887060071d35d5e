// In what the speakers of OpenAI's chat language differ.

/// A dialect of OpenAI's chat completions: where it is spoken, and in what it deviates.
public struct OpenAIDialect: Sendable, Hashable {
  /// The provider's name.
  public var name: String
  /// The URL before the path.
  public var base: String
  public var path = "/chat/completions"
  public var headers: [WireRequest.Header] = []
  public var authorization = Authorization.bearer
  public var systemRole = "system"
  public var maxTokensField = "max_tokens"
  public var seedField = "seed"
  /// The word that makes the model call a tool.
  public var requiredToolChoice = "required"
  /// Whether usage has to be asked for.
  public var asksForUsage = true
  /// Whether `top_k`, `min_p` and `repetition_penalty` are known.
  public var hasWiderSampling = false
  public var reasoning = Reasoning.none
  /// Where the model's thoughts go back to it; `nil` when it does not want them.
  public var reasoningField: String?
  public var namesToolResults = false
  /// Whether the signatures of calls go back with them, in Google's form.
  public var returnsSignatures = false
  var quirks = OpenAIChatQuirks()

  public enum Authorization: Sendable, Hashable {
    /// `Authorization: Bearer …`
    case bearer
    /// The bare key in a header of its own.
    case header(String)
  }

  /// How thinking is asked for.
  public enum Reasoning: Sendable, Hashable {
    case none
    /// `reasoning_effort`
    case effort
    /// `reasoning: {effort, max_tokens, exclude}`
    case object
    /// `thinking: {type}`
    case thinking
    /// `enable_thinking`, `thinking_budget`
    case switched
  }

  /// A server that speaks OpenAI's language without known deviations.
  public init(name: String = "openai-compatible", base: String) {
    self.name = name
    self.base = base
  }

  private func with(_ change: (inout OpenAIDialect) -> Void) -> OpenAIDialect {
    var copy = self
    change(&copy)
    return copy
  }
}

extension OpenAIDialect {
  /// With OpenAI's newer words for thinking and for the limit.
  private var withNewerWords: OpenAIDialect {
    with {
      $0.maxTokensField = "max_completion_tokens"
      $0.reasoning = .effort
    }
  }

  /// With thoughts that are switched on by `thinking`, and go back as they came.
  private var thinkingAloud: OpenAIDialect {
    with {
      $0.reasoning = .thinking
      $0.reasoningField = "reasoning_content"
    }
  }

  public static let openAI = OpenAIDialect(name: "openai", base: "https://api.openai.com/v1").withNewerWords
    .with { $0.systemRole = "developer" }

  /// - Parameters:
  ///   - resource: the URL of the resource, up to and without `/openai`.
  ///   - deployment: the deployment, which stands for the model.
  ///   - apiVersion: the date that names the version of the interface.
  public static func azure(
    resource: String, deployment: String, apiVersion: String = "2024-10-21"
  ) -> OpenAIDialect {
    openAI.with {
      $0.name = "azure"
      $0.base = resource
      $0.path = "/openai/deployments/\(deployment)/chat/completions?api-version=\(apiVersion)"
      $0.authorization = .header("api-key")
      $0.systemRole = "system"
    }
  }

  public static let openRouter = OpenAIDialect(name: "openrouter", base: "https://openrouter.ai/api/v1").with
  {
    $0.reasoning = .object
    $0.hasWiderSampling = true
  }

  public static let groq = OpenAIDialect(name: "groq", base: "https://api.groq.com/openai/v1").with {
    $0.reasoning = .effort
  }

  public static let mistral = OpenAIDialect(name: "mistral", base: "https://api.mistral.ai/v1").with {
    $0.seedField = "random_seed"
    $0.requiredToolChoice = "any"
    // It reports usage by itself, and refuses fields that it does not know.
    $0.asksForUsage = false
    $0.namesToolResults = true
  }

  public static let deepSeek = OpenAIDialect(name: "deepseek", base: "https://api.deepseek.com").thinkingAloud

  public static let xAI = OpenAIDialect(name: "xai", base: "https://api.x.ai/v1").withNewerWords

  public static let alibaba = OpenAIDialect(
    name: "alibaba", base: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1"
  ).with {
    $0.reasoning = .switched
    $0.hasWiderSampling = true
  }

  public static let moonshot = OpenAIDialect(name: "moonshot", base: "https://api.moonshot.ai/v1")
    .thinkingAloud

  public static let cerebras = OpenAIDialect(name: "cerebras", base: "https://api.cerebras.ai/v1")
    .withNewerWords

  public static let perplexity = OpenAIDialect(name: "perplexity", base: "https://api.perplexity.ai").with {
    $0.reasoning = .effort
    $0.asksForUsage = false
    $0.quirks.endMark = .unusual
  }

  /// Gemini's OpenAI form. Its own protocol tells more: ``Gemini``.
  public static let gemini = OpenAIDialect(
    name: "gemini-openai", base: "https://generativelanguage.googleapis.com/v1beta/openai"
  ).with {
    $0.reasoning = .effort
    $0.returnsSignatures = true
  }

  public static let copilot = OpenAIDialect(name: "copilot", base: "https://api.githubcopilot.com").with {
    $0.headers = [
      WireRequest.Header("Copilot-Integration-Id", "vscode-chat"),
      WireRequest.Header("Openai-Intent", "conversation-panel"),
    ]
  }

  /// Hugging Face's router over many providers; a model's name may end in `:provider`.
  public static let huggingFace = OpenAIDialect(name: "huggingface", base: "https://router.huggingface.co/v1")

  public static func llamaCpp(base: String = "http://127.0.0.1:8080/v1") -> OpenAIDialect {
    OpenAIDialect(name: "llamacpp", base: base).with { $0.hasWiderSampling = true }
  }

  public static func mistralRS(base: String = "http://127.0.0.1:1234/v1") -> OpenAIDialect {
    OpenAIDialect(name: "mistralrs", base: base).with { $0.hasWiderSampling = true }
  }

  /// LM Studio's OpenAI form.
  public static func lmStudio(base: String = "http://127.0.0.1:1234/v1") -> OpenAIDialect {
    OpenAIDialect(name: "lmstudio-openai", base: base).with { $0.hasWiderSampling = true }
  }

  /// Ollama's OpenAI form. Its own protocol tells more: ``Ollama``.
  public static func ollama(base: String = "http://127.0.0.1:11434/v1") -> OpenAIDialect {
    OpenAIDialect(name: "ollama-openai", base: base).with { $0.reasoning = .effort }
  }

  /// A text generation inference server's OpenAI form.
  public static func tgi(base: String) -> OpenAIDialect {
    OpenAIDialect(name: "tgi-openai", base: base).with { $0.quirks.endMark = .unusual }
  }
}
