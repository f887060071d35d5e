// What happens while a model answers, the same for every provider.

/// One event of an answer.
///
/// An answer is a run of rounds; providers without rounds have one:
///
///     Run    := aside* (started Round+)? (finished | failed | cancelled)
///     Round  := roundStarted Block* usage? roundEnded
///     Block  := textStarted textDelta* textEnded
///             | reasoningStarted (reasoningDelta | reasoningSignature)* reasoningEnded
///             | toolCallStarted toolArgumentsDelta* toolCall
///             | refusalDelta | hostedToolCall | hostedToolResult | source | file | raw
///     aside  := heartbeat | rateLimits | modelLoad | promptProgress | warning
///
/// There is exactly one terminal, and nothing after it. Asides stand anywhere before it. Blocks of different
/// ``Place`` may interleave. A failed or cancelled run breaks off where it stood: its open blocks and its
/// round are not closed, and a call whose arguments were not complete is never delivered as `toolCall`.
public enum ChatEvent: Sendable, Hashable {
  indirect case started(Started)
  /// Rounds count from 0.
  case roundStarted(Int)

  case textStarted(Place)
  case textDelta(String, Place)
  case textEnded(Place)

  case reasoningStarted(Place)
  case reasoningDelta(String, Place)
  /// What the provider wants to see again with the thoughts; may come in pieces.
  case reasoningSignature(String, Place)
  case reasoningEnded(Place)

  /// The model declines, in its own words.
  case refusalDelta(String, Place)

  indirect case toolCallStarted(ToolCallStart, Place)
  /// A piece of the arguments: show it, do not use it.
  indirect case toolArgumentsDelta(String, id: String, Place)
  /// The call is complete, which its arguments are only when it has no problem.
  indirect case toolCall(ToolCall, Place)
  /// A tool that the provider itself runs: search, code, MCP. There is nothing to do.
  indirect case hostedToolCall(ToolCall)
  /// What such a tool answered.
  indirect case hostedToolResult(ToolResult)

  /// Something that the answer rests on.
  indirect case source(Source)
  /// Something that was made: an image, a sound, a document.
  indirect case file(GeneratedFile)
  /// What this library has no word for.
  indirect case raw(RawEvent)

  indirect case usage(Usage)
  indirect case rateLimits(RateLimits)
  /// The connection lives; nothing was said.
  case heartbeat
  /// From 0 to 1; 1 when the model is loaded.
  case modelLoad(Double)
  /// How much of the prompt has been read, from 0 to 1.
  case promptProgress(Double)
  indirect case warning(Warning)

  indirect case roundEnded(Int, Finish)

  indirect case finished(Finish)
  indirect case failed(ProviderError)
  /// What is known to have been used until then.
  indirect case cancelled(Usage?)
}

extension ChatEvent {
  /// Which answer, and which part of it, an event belongs to.
  public struct Place: Sendable, Hashable {
    @usableFromInline var shortChoice: Int32
    @usableFromInline var shortBlock: Int32

    /// The number of the answer, of several side by side.
    public var choice: Int { Int(shortChoice) }
    /// The number of the block, in the order in which the blocks of a run began.
    public var block: Int { Int(shortBlock) }

    public init(choice: Int = 0, block: Int) {
      shortChoice = Int32(clamping: choice)
      shortBlock = Int32(clamping: block)
    }
  }

  public struct Started: Sendable, Hashable {
    /// The provider's name of this answer.
    public var id: String?
    /// The model that answers, which may be another than was asked for.
    public var model: String?
    /// How long ago the answer was given, when it comes from a cache: then nothing was spent for it, whatever its
    /// usage says.
    public var cachedFor: Duration?

    public init(id: String? = nil, model: String? = nil, cachedFor: Duration? = nil) {
      self.id = id
      self.model = model
      self.cachedFor = cachedFor
    }
  }

  public struct ToolCallStart: Sendable, Hashable {
    public var id: String
    public var name: String

    public init(id: String, name: String) {
      self.id = id
      self.name = name
    }
  }

  public struct Source: Sendable, Hashable {
    public var url: String?
    public var title: String?
    /// The words that are cited.
    public var quote: String?

    public init(url: String? = nil, title: String? = nil, quote: String? = nil) {
      self.url = url
      self.title = title
      self.quote = quote
    }
  }

  public struct GeneratedFile: Sendable, Hashable {
    public var mimeType: String?
    /// The content in base64, as it came; `nil` when it is elsewhere.
    public var base64: String?
    public var url: String?

    public init(mimeType: String? = nil, base64: String? = nil, url: String? = nil) {
      self.mimeType = mimeType
      self.base64 = base64
      self.url = url
    }
  }

  public struct RawEvent: Sendable, Hashable {
    /// The provider's name of it.
    public var name: String
    /// The JSON text, as it came.
    public var json: String

    public init(name: String, json: String) {
      self.name = name
      self.json = json
    }
  }
}

extension ChatEvent {
  /// Ends the run: nothing follows.
  public var isTerminal: Bool {
    switch self {
    case .finished, .failed, .cancelled: true
    default: false
    }
  }

  /// Stands anywhere before the terminal.
  public var isAside: Bool {
    switch self {
    case .heartbeat, .rateLimits, .modelLoad, .promptProgress, .warning: true
    default: false
    }
  }

  /// Where the event belongs, when it belongs to a block.
  public var place: Place? {
    switch self {
    case .textStarted(let place), .textDelta(_, let place), .textEnded(let place),
      .reasoningStarted(let place), .reasoningDelta(_, let place), .reasoningSignature(_, let place),
      .reasoningEnded(let place), .refusalDelta(_, let place), .toolCallStarted(_, let place),
      .toolArgumentsDelta(_, _, let place), .toolCall(_, let place):
      place
    default: nil
    }
  }

  /// The text that the event adds to the answer, if it does.
  public var text: String? { if case .textDelta(let text, _) = self { text } else { nil } }
}
