// The keys that this library knows.

extension ConfigurationSchema {
  /// Every section that this library knows. A section is one line here, and a table of keys beside what it configures.
  public static let standard = ConfigurationSchema()
    .adding("$schema", .value(.text))
    .adding(profile, .value(.text))
    .adding("provider", .value(.text), check: wish)
    .adding("providers", providers())
    .adding("cache", cache)

  /// The section `providers`.
  ///
  /// - Parameters:
  ///   - kinds: the kinds of providers that there are beside those that are known by name.
  ///   - credentials: the schemes of credentials that there are beside those that are known.
  public static func providers(andKinds kinds: [String] = [], credentials: [String] = []) -> Node {
    let limits = ProviderLimits()
    return .named(
      .section([
        "kind": .value(.choice([embedded] + KnownProvider.all.map(\.name) + kinds)),
        "address": .value(.address),
        "key": .value(.credential(schemes: CredentialReference.schemes + credentials)),
        "model": .value(.text),
        "apiVersion": .value(.text),
        "limits": .section([
          "connect": .limit(limits.connect), "firstByte": .limit(limits.firstByte),
          "firstToken": .limit(limits.firstToken), "betweenTokens": .limit(limits.betweenTokens),
          "betweenBytes": .limit(limits.betweenBytes), "total": .limit(limits.total),
          "afterFinish": .limit(limits.afterFinish),
        ]),
        "retry": .section([
          "attempts": .value(.integer(in: 1...100), default: .integer(1)),
          "initial": .value(.duration(), default: .duration(.milliseconds(500))),
          "factor": .value(.number(in: 1...100), default: .number(2)),
          "max": .value(.duration(), default: .duration(.seconds(30))),
          "jitter": .value(.choice(ProviderSettings.Jitter.allCases.map(\.rawValue)), default: .text("full")),
          "budget": .limit(nil),
          "retryAfter": .value(.duration(), default: .duration(.seconds(120))),
        ]),
        "rate": .section([
          "requests": .value(.rate(.orUnlimited), default: .unlimited),
          "tokens": .value(.rate(.orUnlimited), default: .unlimited),
        ]),
        "concurrency": .section([
          "requests": .value(.integer(in: 1...1_000_000, .orUnlimited), default: .unlimited),
          "queue": .value(.integer(in: 0...1_000_000, .orUnlimited), default: .unlimited),
        ]),
      ]))
  }

  /// The provider in this process.
  static let embedded = "embedded"

  private static let wish: Check = { configuration in
    guard let wish = configuration["provider"]?.text else { return [] }
    let names = configuration.providers.map(\.name)
    if names.contains(wish) || wish == embedded { return [] }
    let isKnown = KnownProvider(named: wish) != nil
    return [
      ConfigurationProblem(
        isKnown ? .missing : .notAllowed, at: ["provider"],
        from: configuration.origin(of: ["provider"]) ?? .defaults,
        isKnown ? "\(wish) is known, but not configured" : "there is no such provider",
        found: JSONValue.string(wish).shortened, allowed: (names + [embedded]).joined(separator: ", "),
        suggestion: isKnown ? nil : Spelling.nearest(wish, among: names + KnownProvider.all.map(\.name)))
    ]
  }
}

extension ConfigurationSchema.Node {
  /// A limit on time, which may be none.
  static func limit(_ value: Duration?) -> ConfigurationSchema.Node {
    .value(.duration(.orUnlimited), default: value.map { .duration($0) } ?? .unlimited)
  }
}
