// A whole answer.
import Flows

/// An answer that is put together from its events.
///
/// It can be read at any time: of an answer that is still coming, or broke off, it is what there is.
public struct ChatResponse: Sendable, Hashable {
  public var id: String?
  public var model: String?
  /// Each of several answers side by side; one when nothing else was asked for.
  public var choices: [Choice] = []
  /// The sum over the rounds.
  public var usage: Usage?
  /// How the answer ended; `nil` while it has not.
  public var finish: Finish?
  public var rateLimits: RateLimits?
  /// How long ago the answer was given, when it comes from a cache.
  public var cachedFor: Duration?
  public var rounds = 0
  /// What the provider's own tools were asked, and what they answered.
  public var hostedCalls: [ToolCall] = []
  public var hostedResults: [ToolResult] = []
  public var sources: [ChatEvent.Source] = []
  public var files: [ChatEvent.GeneratedFile] = []
  public var warnings: [Warning] = []
  public var raw: [ChatEvent.RawEvent] = []

  public init() {}

  public init(_ events: some Sequence<ChatEvent>) { for event in events { add(event) } }

  public struct Choice: Sendable, Hashable {
    /// The number of the answer.
    public var number: Int
    public var blocks: [Block] = []
    public var refusal = ""

    public init(number: Int = 0, blocks: [Block] = [], refusal: String = "") {
      self.number = number
      self.blocks = blocks
      self.refusal = refusal
    }

    public var text: String { joined { if case .text(let text) = $0 { text } else { nil } } }
    public var reasoning: String { joined { if case .reasoning(let text, _) = $0 { text } else { nil } } }
    public var toolCalls: [ToolCall] {
      blocks.compactMap { if case .toolCall(let call) = $0.content { call } else { nil } }
    }

    private func joined(_ text: (Block.Content) -> String?) -> String {
      blocks.reduce(into: "") { if let piece = text($1.content) { $0 += piece } }
    }
  }

  public struct Block: Sendable, Hashable {
    /// The block's number within the run.
    public var number: Int
    public var content: Content

    public init(number: Int, _ content: Content) {
      self.number = number
      self.content = content
    }

    public enum Content: Sendable, Hashable {
      case text(String)
      case reasoning(String, signature: String)
      case toolCall(ToolCall)
    }
  }
}

extension ChatResponse {
  /// The first answer's text.
  public var text: String { choices.first?.text ?? "" }
  public var reasoning: String { choices.first?.reasoning ?? "" }
  public var refusal: String { choices.first?.refusal ?? "" }
  public var toolCalls: [ToolCall] { choices.first?.toolCalls ?? [] }

  /// The answer as a message that can go back to the model: text, thoughts with their signatures, and those calls that
  /// can be answered, in their order.
  public var message: Message {
    let parts = (choices.first?.blocks ?? []).compactMap { block -> Message.Part? in
      switch block.content {
      case .text(let text): text.isEmpty ? nil : .text(text)
      case .reasoning(let text, let signature):
        .reasoning(text, signature: signature.isEmpty ? nil : signature)
      case .toolCall(let call): call.problem == nil ? .toolCall(call) : nil
      }
    }
    return Message(.assistant, parts)
  }

  /// Takes in the next event.
  public mutating func add(_ event: ChatEvent) {
    switch event {
    case .started(let started):
      id = started.id
      model = started.model
      cachedFor = started.cachedFor
    case .roundStarted: rounds += 1
    case .textStarted(let place): open(.text(""), place)
    case .textDelta(let text, let place): grow(place, text, orOpen: .text(""))
    case .reasoningStarted(let place): open(.reasoning("", signature: ""), place)
    case .reasoningDelta(let text, let place): grow(place, text, orOpen: .reasoning("", signature: ""))
    case .reasoningSignature(let signature, let place):
      grow(place, "", signature: signature, orOpen: .reasoning("", signature: ""))
    case .refusalDelta(let text, let place): choices[choice(place.choice)].refusal += text
    case .toolCall(let call, let place): open(.toolCall(call), place)
    case .hostedToolCall(let call): hostedCalls.append(call)
    case .hostedToolResult(let result): hostedResults.append(result)
    case .source(let source): sources.append(source)
    case .file(let file): files.append(file)
    case .raw(let event): raw.append(event)
    case .usage(let usage):
      var sum = self.usage ?? Usage()
      if self.usage == nil { sum = usage } else { sum.add(usage) }
      self.usage = sum
    case .rateLimits(let limits): rateLimits = limits
    case .warning(let warning): warnings.append(warning)
    case .finished(let finish): self.finish = finish
    case .cancelled(let usage): if let usage { self.usage = usage }
    case .textEnded, .reasoningEnded, .toolCallStarted, .toolArgumentsDelta, .heartbeat, .modelLoad,
      .promptProgress, .roundEnded, .failed:
      break
    }
  }

  private mutating func choice(_ number: Int) -> Int {
    if let index = choices.firstIndex(where: { $0.number == number }) { return index }
    let index = choices.firstIndex { $0.number > number } ?? choices.count
    choices.insert(Choice(number: number), at: index)
    return index
  }

  private mutating func open(_ content: Block.Content, _ place: ChatEvent.Place) {
    let choice = choice(place.choice)
    choices[choice].blocks.append(Block(number: place.block, content))
  }

  private mutating func grow(
    _ place: ChatEvent.Place, _ text: String, signature: String = "", orOpen content: Block.Content
  ) {
    let choice = choice(place.choice)
    if choices[choice].blocks.lastIndex(where: { $0.number == place.block }) == nil { open(content, place) }
    guard let block = choices[choice].blocks.lastIndex(where: { $0.number == place.block }) else { return }
    choices[choice].blocks[block].grow(text, signature)
  }
}

extension ChatResponse.Block {
  fileprivate mutating func grow(_ text: String, _ signature: String) {
    // Taken out while it grows, so that nothing is copied.
    let old = content
    content = .text("")
    switch consume old {
    case .text(var whole):
      whole += text
      content = .text(whole)
    case .reasoning(var whole, var mark):
      whole += text
      mark += signature
      content = .reasoning(whole, signature: mark)
    case .toolCall(let call): content = .toolCall(call)
    }
  }
}

extension Flow where Element == ChatEvent {
  /// Runs the flow and puts the answer together.
  ///
  /// - Throws: the flow's error, or `CancellationError` when the task is cancelled.
  public func response(isolation: isolated (any Actor)? = #isolation) async throws -> ChatResponse {
    try await reduce(into: ChatResponse()) { $0.add($1) }
  }
}
