// Who could answer.
import Flows

/// A provider that a router may choose, and what is known of it.
public struct RouteCandidate: Sendable {
  /// Its name among the candidates.
  public var name: String
  public var provider: any ChatProvider
  /// The model that is asked for there; that of the request when it is left out.
  public var model: String?
  public var capabilities: Capabilities
  /// What its tokens cost; `nil` when nobody knows.
  public var price: TokenPrice?
  /// How much of the work it gets, compared with the others, where that counts. One of zero gets none.
  public var weight: Int

  public init(
    _ provider: any ChatProvider, name: String? = nil, model: String? = nil,
    capabilities: Capabilities = Capabilities(), price: TokenPrice? = nil, weight: Int = 1
  ) {
    self.name = name ?? provider.name
    self.provider = provider
    self.model = model
    self.capabilities = capabilities
    self.price = price
    self.weight = max(0, weight)
  }

  /// With what the provider itself says that it can do.
  public func discovered() async throws -> RouteCandidate {
    var copy = self
    copy.capabilities = try await provider.capabilities(of: model ?? "")
    return copy
  }
}

/// Whether a candidate is fit to be asked: what a registry or a circuit breaker knows.
public enum RouteHealth: Sendable, Hashable {
  case available
  /// It is asked when no other can be.
  case degraded(String)
  /// It is not asked.
  case unavailable(String)
}

/// What becomes of a candidate of which nobody knows whether it can do what is needed.
public enum UnknownFeature: Sendable, Hashable {
  case accepted, refused
}

/// Features that a run needs beside those that its request shows.
///
/// ```swift
/// let answer = router.stream(request).withValue([.reasoning], for: RequestedFeatures.self)
/// ```
public enum RequestedFeatures: FlowContextKey {
  public static let defaultValue: Set<Capabilities.Feature> = []
}

/// What a request needs of whoever answers it.
public struct RouteNeeds: Sendable, Hashable {
  public var features: Set<Capabilities.Feature>
  /// How much there is to read, estimated.
  public var inputTokens: Int
  /// The most that is to be answered; `nil` when the request does not say.
  public var outputTokens: Int?

  public init(_ request: ChatRequest, and others: Set<Capabilities.Feature> = []) {
    features = others
    if !request.tools.isEmpty { features.insert(.tools) }
    if request.responseFormat != .text { features.insert(.structuredOutput) }
    if let reasoning = request.reasoning, !reasoning.isOff { features.insert(.reasoning) }
    if request.logprobs != nil { features.insert(.logprobs) }
    for part in request.messages.lazy.flatMap(\.parts) {
      switch part {
      case .image: features.insert(.vision)
      case .audio: features.insert(.audio)
      default: break
      }
    }
    inputTokens = TokenEstimate.tokens(in: request)
    outputTokens = request.maxOutputTokens
  }

  /// Why `capabilities` are not enough; empty when they are.
  func refusals(by capabilities: Capabilities, unknown: UnknownFeature) -> [String] {
    var refusals: [String] = []
    for feature in features.sorted(by: { $0.rawValue < $1.rawValue }) {
      switch capabilities.supports(feature) {
      case true?: break
      case false?: refusals.append("it has no \(feature.rawValue)")
      case nil: if unknown == .refused { refusals.append("nobody knows whether it has \(feature.rawValue)") }
      }
    }
    if let window = capabilities.contextWindow {
      let needed = inputTokens + (outputTokens ?? 0)
      if needed > window { refusals.append("about \(needed) tokens do not fit into \(window)") }
    }
    if let most = capabilities.maxOutputTokens, let wanted = outputTokens, wanted > most {
      refusals.append("it answers with \(most) tokens at most, not \(wanted)")
    }
    return refusals
  }

  /// What is assumed unless somebody knows better.
  func assumptions(of capabilities: Capabilities) -> [String] {
    features.filter { capabilities.supports($0) == nil }.map(\.rawValue).sorted().map {
      "assumed to have \($0)"
    }
  }
}
