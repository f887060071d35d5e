// The provider that is always there: no key, no network, no download.
import Flows

/// A very small language model in this process: an n-gram model with back-off, trained at its first use on a few
/// thousand words that come with the library.
///
/// ```swift
/// let answer = try await EmbeddedProvider().complete(ChatRequest(model: "ngram-1", prompt: "What is a stream?"))
/// ```
///
/// It is no oracle. It truly generates, token by token, in the manner of the real ones, so that everything around a model
/// can be built, tried and tested without one: streams, cancellation, limits, tools of the trade. What it says is put
/// together from what it has read. The same request with the same seed has the same answer, on every machine.
///
/// It heeds `temperature` (0.7 when left out), `seed`, `maxOutputTokens` (200 when left out) and `stop`.
public struct EmbeddedProvider: ChatProvider {
  /// The name of its one model.
  public static let model = "ngram-1"

  public let name = "embedded"
  private let provider: BlockingProvider

  /// - Parameter threads: how many answers are written at a time, at least 1; anything else traps.
  public init(threads: Int = 2) {
    provider = BlockingProvider(name: name, threads: threads, queue: 1024) { request, answer in
      try Self.write(request, answer)
    }
  }

  public func stream(_ request: ChatRequest) -> Flow<ChatEvent> { provider.stream(request) }

  public func capabilities(of model: String) async throws -> Capabilities {
    Capabilities(
      [.streaming, .seed],
      missing: [
        .tools, .parallelTools, .vision, .audio, .reasoning, .structuredOutput, .logprobs, .embeddings,
      ],
      maxOutputTokens: Self.longestAnswer)
  }

  private static let longestAnswer = 4096
  private static let trained = NGram(embeddedText)

  private static func write(_ request: ChatRequest, _ answer: BlockingAnswer) throws {
    guard request.model.isEmpty || request.model == model else {
      throw ProviderError(
        .modelNotFound, "the embedded provider has one model, \(model), and no \(request.model)")
    }
    let limit = request.maxOutputTokens ?? 200
    guard limit > 0 else {
      throw ProviderError(.invalidRequest, "an answer of \(limit) tokens makes no sense")
    }
    answer.identify(model: model)
    let said = request.messages.last { $0.role == .user }?.text ?? ""
    let prompt = said.isEmpty ? "Hello" : said
    var usage = Usage(
      inputTokens: request.messages.reduce(0) { $0 + trained.count($1.text) }, outputTokens: 0)
    answer.report(usage)
    var writer = NGramWriter(
      trained, prompt: prompt, temperature: request.temperature ?? 0.7,
      seed: request.seed.map { UInt64(bitPattern: Int64($0)) } ?? .random(in: 0 ... .max))
    var stops = StopTexts(request.stop)
    var count = 0
    while count < min(limit, longestAnswer) {
      guard let token = writer.next() else {
        try answer.write(stops.rest)
        return
      }
      count += 1
      usage.outputTokens = count
      answer.report(usage)
      let piece = stops.pass(token)
      if !piece.isEmpty { try answer.write(piece) }
      if let met = stops.met {
        var finish = Finish(.stop)
        finish.stopSequence = met
        return answer.finish(finish)
      }
    }
    try answer.write(stops.rest)
    answer.finish(Finish(.length))
  }
}

/// Holds back what may be the beginning of a text that ends an answer.
struct StopTexts {
  private let stops: [String]
  private var held = ""
  /// The stop text that was met.
  private(set) var met: String?

  init(_ stops: [String]) { self.stops = stops.filter { !$0.isEmpty } }

  /// What was held back, when nothing more comes.
  var rest: String { held }

  /// What of the text so far can be told.
  mutating func pass(_ piece: String) -> String {
    if stops.isEmpty { return piece }
    held += piece
    let found = stops.compactMap { stop in held.firstRange(of: stop).map { (stop, $0.lowerBound) } }
    if let (stop, place) = found.min(by: { $0.1 < $1.1 }) {
      met = stop
      defer { held = "" }
      return String(held[..<place])
    }
    // The longest end that a stop text begins with has to wait.
    var index = held.startIndex
    while index < held.endIndex, !stops.contains(where: { $0.hasPrefix(held[index...]) }) {
      index = held.index(after: index)
    }
    defer { held = String(held[index...]) }
    return String(held[..<index])
  }
}
