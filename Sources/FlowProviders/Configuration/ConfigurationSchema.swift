// Which keys there are.

/// What a configuration may hold: a table of keys, each with its kind and its default, and checks over the whole.
///
/// A section is added in one place:
///
/// ```swift
/// let schema = ConfigurationSchema.standard.adding(
///   "search",
///   .section([
///     "endpoint": .value(.address),
///     "patience": .value(.duration(.orUnlimited), default: .duration(.seconds(5))),
///   ]))
/// ```
public struct ConfigurationSchema: Sendable {
  /// What stands at a key.
  public indirect enum Node: Sendable {
    case key(ConfigurationKind, default: ConfigurationValue?)
    /// An object with these keys.
    case keys([(name: String, node: Node)])
    /// An object whose keys are names that somebody chose.
    case names(Node)

    public static func value(_ kind: ConfigurationKind, default value: ConfigurationValue? = nil) -> Node {
      .key(kind, default: value)
    }

    public static func section(_ members: KeyValuePairs<String, Node>) -> Node {
      .keys(members.map { ($0.key, $0.value) })
    }

    /// Any number of things, each under its name.
    public static func named(_ node: Node) -> Node { .names(node) }
  }

  /// Looks at the whole for what no single value tells.
  public typealias Check = @Sendable (Configuration) -> [ConfigurationProblem]

  private(set) var members: [(name: String, node: Node)]
  private(set) var checks: [Check]

  public init() {
    members = []
    checks = []
  }

  /// A copy with one more section, or another one in the place of the one with that name.
  ///
  /// - Parameters:
  ///   - name: the name of the section.
  ///   - node: what may stand in it.
  ///   - check: looks at the whole, once the values by themselves are right.
  public func adding(_ name: String, _ node: Node, check: Check? = nil) -> ConfigurationSchema {
    var copy = self
    copy.members.removeAll { $0.name == name }
    copy.members.append((name, node))
    if let check { copy.checks.append(check) }
    return copy
  }

  var root: Node { .keys(members) }

  /// What stands at `path`; `nil` when the schema knows no such path.
  func node(at path: ConfigurationPath) -> Node? {
    path.keys.reduce(root as Node?) { node, key in
      switch node {
      case .keys(let members)?: members.first { $0.name == key }?.node
      case .names(let node)?: ConfigurationPath.isName(key) ? node : nil
      case .key?, nil: nil
      }
    }
  }

  /// The default of a key, when it has one.
  func defaultValue(at path: ConfigurationPath) -> ConfigurationValue? {
    if case .key(_, let value)? = node(at: path) { value } else { nil }
  }
}
