// What is said about an operator that breaks a rule.

/// A rule that was broken, and how.
public struct LawBreach: Sendable, Equatable, Hashable, CustomStringConvertible {
  /// The number of the rule, of ``Laws/rules``: `1.1` to `4.2` of Reactive Streams, `S1` to `S7` of this library.
  public let rule: String
  /// What was checked.
  public let name: String
  /// The mode, with its seeds: what the source, the consumer and the test did.
  public let scene: String
  /// What happened.
  public let text: String

  public var description: String { "rule \(rule), \(name), \(scene): \(text)" }
}

/// An operator breaks rules.
public struct LawsBroken: Error, CustomStringConvertible {
  public let name: String
  public let breaches: [LawBreach]

  public var description: String {
    let shown = breaches.prefix(12).map { "  - \($0)" }
    let more = breaches.count > 12 ? ["  and \(breaches.count - 12) more"] : []
    return (["\(name) breaks \(Set(breaches.map(\.rule)).count) rules:"] + shown + more).joined(
      separator: "\n")
  }
}
