// All figures at one moment.

/// All figures at one moment: a value to keep, to send and to compare.
public struct MetricsSnapshot: Sendable, Hashable, Codable {
  /// By operation, provider and model.
  public var providers: [ProviderMetrics]
  /// What others told.
  public var readings: [MetricReading]

  public init(providers: [ProviderMetrics] = [], readings: [MetricReading] = []) {
    self.providers = providers
    self.readings = readings
  }

  /// The figures of one model; `nil` when nothing was asked of it.
  public subscript(provider: String, model: String) -> ProviderMetrics? {
    providers.first { $0.operation == GenAI.chat && $0.provider == provider && $0.model == model }
  }

  public var requests: Int { providers.reduce(0) { $0 + $1.requests } }
  public var failures: Int { providers.reduce(0) { $0 + $1.failures } }
  public var inFlight: Int { providers.reduce(0) { $0 + $1.inFlight } }
}

/// A figure that somebody else counts.
public struct MetricReading: Sendable, Hashable, Codable {
  public enum Kind: String, Sendable, Hashable, Codable {
    /// Goes up and down.
    case gauge
    /// Only goes up. Its name ends in `_total`.
    case counter
  }

  public let name: String
  public let help: String
  public let kind: Kind
  public let labels: [String: String]
  public var value: Double

  public init(
    _ name: String, help: String, kind: Kind = .gauge, labels: [String: String] = [:], value: Double
  ) {
    self.name = name
    self.help = help
    self.kind = kind
    self.labels = labels
    self.value = value
  }
}
