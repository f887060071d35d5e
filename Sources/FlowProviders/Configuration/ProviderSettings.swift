// What a configuration says of one provider.
import Flows

/// One provider, as it was configured. It holds no key, only where the key is kept.
public struct ProviderSettings: Sendable, Hashable {
  /// What it is called here: any name, so that there may be two of a kind.
  public var name: String
  /// Which provider it is: the name of a ``KnownProvider``, `embedded`, or a scheme that somebody registered.
  public var kind: String
  /// Where it is; `nil` where it usually is.
  public var address: ProviderAddress?
  /// Where its key is kept.
  public var key: CredentialReference?
  /// The model that answers when nobody says otherwise.
  public var model: String?
  public var apiVersion: String?
  public var limits: ProviderLimits
  public var retry: Retry
  /// How much may be sent in a stretch of time; `nil` for no limit.
  public var requestRate: ConfigurationRate?
  public var tokenRate: ConfigurationRate?
  /// How many requests are under way at a time, and how many wait; `nil` for no limit.
  public var maxInFlight: Int?
  public var maxQueue: Int?

  public enum Jitter: String, Sendable, Hashable, CaseIterable {
    case none, full, equal, decorrelated
  }

  /// How often, and after which delays, a request is sent again.
  public struct Retry: Sendable, Hashable {
    /// The first one included.
    public var attempts: Int
    public var initial: Duration
    public var factor: Double
    public var max: Duration
    public var jitter: Jitter
    /// No attempt begins later than this after the first one; `nil` for no limit.
    public var budget: Duration?
    /// The longest wait that a provider may ask for.
    public var retryAfter: Duration

    /// The policy for a ``ProviderRetry``: what is worth another attempt, and has told nothing yet, is retried, and a
    /// provider's own delay heeded.
    public var policy: RetryPolicy {
      let jitter: RetryPolicy.Jitter =
        switch self.jitter {
        case .none: .none
        case .full: .full
        case .equal: .equal
        case .decorrelated: .decorrelated
        }
      return RetryPolicy(
        maxAttempts: Swift.max(1, attempts),
        backoff: .exponential(initial: initial, factor: factor, max: max),
        jitter: jitter, totalBudget: budget,
        retryIf: {
          ($0 as? ProviderError).map { $0.isRetryable && $0.emitted.isNothing }
            ?? false
        },
        delayFrom: { ($0 as? ProviderError)?.retryAfter }, delayCap: retryAfter)
    }
  }

  /// Settings with nothing but a name and the defaults.
  public init(_ name: String, kind: String? = nil) {
    self.init(name, ConfigurationLayer())
    if let kind { self.kind = kind }
  }

  init(_ name: String, _ layer: ConfigurationLayer) {
    let base: ConfigurationPath = ["providers", name]
    func value(_ keys: String...) -> ConfigurationValue? {
      let path = ConfigurationPath(base.keys + keys)
      return layer.entries[path]?.value ?? ConfigurationSchema.standard.defaultValue(at: path)
    }
    self.name = name
    kind = value("kind")?.text ?? name
    address = value("address")?.address
    key = value("key")?.credential
    model = value("model")?.text
    apiVersion = value("apiVersion")?.text
    limits = ProviderLimits(
      connect: value("limits", "connect")?.duration, firstByte: value("limits", "firstByte")?.duration,
      firstToken: value("limits", "firstToken")?.duration,
      betweenTokens: value("limits", "betweenTokens")?.duration,
      betweenBytes: value("limits", "betweenBytes")?.duration, total: value("limits", "total")?.duration,
      afterFinish: value("limits", "afterFinish")?.duration)
    retry = Retry(
      attempts: value("retry", "attempts")?.integer ?? 1,
      initial: value("retry", "initial")?.duration ?? .milliseconds(500),
      factor: value("retry", "factor")?.number ?? 2, max: value("retry", "max")?.duration ?? .seconds(30),
      jitter: value("retry", "jitter")?.text.flatMap { Jitter(rawValue: $0) } ?? .full,
      budget: value("retry", "budget")?.duration,
      retryAfter: value("retry", "retryAfter")?.duration ?? .seconds(120))
    requestRate = value("rate", "requests")?.rate
    tokenRate = value("rate", "tokens")?.rate
    maxInFlight = value("concurrency", "requests")?.integer
    maxQueue = value("concurrency", "queue")?.integer
  }
}

extension ProviderSettings {
  /// The provider that it is a case of, when that is known by name.
  public var known: KnownProvider? { KnownProvider(named: kind) }

  /// All that can be used, and what is wrong with the others. What only a well-known variable has named is no mistake
  /// when more is missing: nobody asked for it.
  static func all(in layer: ConfigurationLayer) -> ([ProviderSettings], [ConfigurationProblem]) {
    var (usable, problems) = ([ProviderSettings](), [ConfigurationProblem]())
    for name in layer.names(under: ["providers"]) {
      let path: ConfigurationPath = ["providers", name]
      let origin = layer.entries[path]?.origin ?? .defaults
      let settings = ProviderSettings(name, layer)
      let missing = settings.mistakes(at: path, from: origin, layer)
      if missing.isEmpty {
        usable.append(settings)
      } else if case .variable(let variable) = origin, !variable.hasPrefix(ConfigurationLayer.prefix) {
        continue
      } else {
        problems += missing
      }
    }
    return (usable, problems)
  }

  private func mistakes(
    at path: ConfigurationPath, from origin: ConfigurationOrigin, _ layer: ConfigurationLayer
  ) -> [ConfigurationProblem] {
    // What was said, and is wrong, is not missing; it may have been said in a profile.
    func isMissing(_ key: String) -> Bool {
      let keys = path.appending(key).keys
      return !layer.problems.contains { $0.path.keys.suffix(keys.count).elementsEqual(keys) }
    }
    guard let known else {
      if kind != name || kind == ConfigurationSchema.embedded || !isMissing("kind") { return [] }
      let names = [ConfigurationSchema.embedded] + KnownProvider.all.map(\.name)
      return [
        ConfigurationProblem(
          .missing, at: path.appending("kind"), from: origin,
          "\(name) is no known provider, so its kind must be said",
          allowed: names.joined(separator: ", "), suggestion: Spelling.nearest(name, among: names))
      ]
    }
    var problems: [ConfigurationProblem] = []
    func miss(_ key: String, _ message: String, _ allowed: String) {
      guard isMissing(key) else { return }
      problems.append(
        ConfigurationProblem(.missing, at: path.appending(key), from: origin, message, allowed: allowed))
    }
    if known.needs.contains(.address), address == nil {
      miss("address", "\(kind) is nowhere in particular", ConfigurationKind.address.allowed)
    }
    if known.needs.contains(.model), model == nil { miss("model", "\(kind) wants a model", "a text") }
    // At another address perhaps nobody wants one.
    let isKeyWanted = known.needs.contains(.key) && (address == nil || known.needs.contains(.address))
    if isKeyWanted, key == nil {
      miss(
        "key", "\(kind) wants a key",
        #"where the key is kept: "env:\#(known.keyVariables.first ?? "NAME")", "file:…", "command:…""#)
    }
    return problems
  }

  /// The provider with its key; `nil` when it is none that is known by name.
  public func configured(key: Secret?) -> ConfiguredProvider? {
    guard let known else { return nil }
    var variables: [String: String] = [:]
    if let address, let name = known.addressVariables.first { variables[name] = address.url }
    if let key, let name = known.keyVariables.first { variables[name] = key.revealed }
    if let apiVersion, let name = known.otherVariables.first { variables[name] = apiVersion }
    if let model { variables[known.modelVariable] = model }
    return ConfiguredProvider(known, variables)
  }
}
