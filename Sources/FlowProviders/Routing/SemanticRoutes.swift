// Whom a text belongs to.
import Flows

/// A kind of request, told by examples, and who answers it.
public struct SemanticRoute: Sendable, Hashable {
  public var name: String
  /// Prompts of this kind.
  public var examples: [String]
  /// The name of the candidate that answers it.
  public var candidate: String

  public init(_ name: String, examples: [String], candidate: String) {
    self.name = name
    self.examples = examples
    self.candidate = candidate
  }
}

/// Finds, by embeddings, the kind of request that a prompt is of.
///
/// ```swift
/// let routes = SemanticRoutes(
///   [SemanticRoute("code", examples: ["write a function that", "why does this not compile"], candidate: "coder")],
///   embedder: embedder, threshold: 0.6, fallback: "all-round")
/// let router = Router(candidates, by: .semantic(routes))
/// ```
///
/// The vectors of the examples are asked for once, with the first prompt, and kept; when that fails, they are asked for again
/// with the next. An embedder that fails does not fail the request: the fallback answers, and the decision says so.
// The vectors are guarded by the lock.
public final class SemanticRoutes: @unchecked Sendable {
  public let routes: [SemanticRoute]
  public let embedder: any Embedder
  /// How near, as a cosine, a prompt must be to an example.
  public let threshold: Double
  /// The name of the candidate that answers what is of no kind; the first when it is left out.
  public let fallback: String?
  private let lock = Lock()
  private var vectors: [[Float]]?

  public init(_ routes: [SemanticRoute], embedder: any Embedder, threshold: Double, fallback: String? = nil) {
    self.routes = routes
    self.embedder = embedder
    self.threshold = threshold
    self.fallback = fallback
  }

  /// How near a prompt is to the nearest example of each route, in their order; and the failure of the embedder.
  enum Match: Sendable {
    case near([Double])
    case failed(String)
  }

  /// The most of a prompt that is looked at.
  private static let longestPrompt = 8192

  func match(_ request: ChatRequest) -> Flow<Match> {
    let said = request.messages.last { $0.role == .user }?.text ?? ""
    let prompt = String(decoding: said.utf8.prefix(Self.longestPrompt), as: UTF8.self)
    return Flow.deferred { [self] in
      let known = lock(self) { vectors }
      if let known { return vector(of: prompt).map { .near(self.nearness(of: $0, to: known)) } }
      return embedder.embed(routes.flatMap(\.examples), maxInFlight: 4)
        .map(\.vector)
        .whole()
        .concatMap { [self] all in
          lock(self) { vectors = all }
          return vector(of: prompt).map { .near(self.nearness(of: $0, to: all)) }
        }
    }
    .catch { .just(.failed("\(ProviderError(wrapping: $0))")) }
  }

  private func vector(of prompt: String) -> Flow<[Float]> {
    embedder.embed([prompt], maxInFlight: 1).map(\.vector)
  }

  private func nearness(of prompt: [Float], to examples: [[Float]]) -> [Double] {
    var rest = examples[...]
    return routes.map { route in
      defer { rest = rest.dropFirst(route.examples.count) }
      return rest.prefix(route.examples.count).map { Similarity.cosine(prompt, $0) }.max() ?? -1
    }
  }
}

extension SemanticRoutes {
  /// How far each of these candidates is from the prompt, and why: whom it belongs to, then whoever answers what belongs to
  /// nobody, then the others in their order.
  func scores(_ names: [String], _ match: Match?) -> ([Double], [String]) {
    let others = fallback ?? names.first
    var scores = names.map { $0 == others ? 2.0 : 3 }
    guard case .near(let nearness)? = match else {
      if case .failed(let why)? = match {
        return (scores, ["the embedder failed, so the fallback answers: \(why)"])
      }
      return (scores, [])
    }
    let near = zip(routes, nearness).sorted { $0.1 > $1.1 }
    for (route, nearness) in near.reversed() where nearness >= threshold {
      if let place = names.firstIndex(of: route.candidate) { scores[place] = 1 - nearness }
    }
    let shown = near.prefix(3).map { "\($0.0.name) \((($0.1) * 1000).rounded() / 1000)" }.joined(
      separator: ", ")
    let isKnown = near.first.map { $0.1 >= threshold } ?? false
    let rest = isKnown ? "" : ": none reaches \(threshold), so the fallback answers"
    return (scores, ["nearest routes: \(shown)\(rest)"])
  }
}

extension Flow {
  /// All elements as one, when they are complete.
  fileprivate func whole() -> Flow<[Element]> {
    Flow<[Element]> { context in
      let upstream = start(in: context)
      var (all, isWhole) = ([Element](), false)
      return { room in
        while !isWhole {
          let poll = Chunk<Element>.scratch(room.isFull ? 0 : .max) { elements in
            let poll = upstream(&elements)
            while let element = elements.next() { all.append(element) }
            return poll
          }
          switch poll {
          case .more: if room.isFull || context.scope.isEnded { return .more }
          case .pending, .failed: return poll
          case .finished: isWhole = true
          }
        }
        if room.isFull { return .more }
        room.append(all)
        return .finished
      }
    }
  }
}
