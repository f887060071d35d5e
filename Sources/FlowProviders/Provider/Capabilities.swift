// What a provider can do.

/// What is known of a model, and how it is known.
public struct Capabilities: Sendable, Hashable {
  public enum Feature: String, Sendable, Hashable, CaseIterable {
    case streaming, tools, parallelTools, vision, audio, reasoning, structuredOutput, seed, logprobs,
      embeddings
  }

  /// How something is known.
  public enum Source: String, Sendable, Hashable {
    /// Somebody wrote it down.
    case declared
    /// The provider was asked.
    case probed
    /// It was seen to work.
    case observed
  }

  /// What the model can do. A feature that is not here is not known.
  public var features: [Feature: Source]
  /// What the model cannot do.
  public var missing: Set<Feature>
  /// The most tokens that a request and its answer can have together.
  public var contextWindow: Int?
  /// The most tokens of an answer.
  public var maxOutputTokens: Int?

  public init(
    _ features: Set<Feature> = [], source: Source = .declared, missing: Set<Feature> = [],
    contextWindow: Int? = nil, maxOutputTokens: Int? = nil
  ) {
    self.features = Dictionary(uniqueKeysWithValues: features.map { ($0, source) })
    self.missing = missing
    self.contextWindow = contextWindow
    self.maxOutputTokens = maxOutputTokens
  }

  /// Whether the model can do it; `nil` when that is not known.
  public func supports(_ feature: Feature) -> Bool? {
    if features[feature] != nil { return true }
    return missing.contains(feature) ? false : nil
  }
}
