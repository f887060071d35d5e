// One layer of a configuration: what it sets, and what is wrong with it.

/// A value, and where it comes from.
struct ConfigurationEntry: Sendable, Hashable {
  var value: ConfigurationValue
  var origin: ConfigurationOrigin
}

/// What a layer sets, path by path, so that a later one can be laid over it.
struct ConfigurationLayer: Sendable {
  private(set) var entries: [ConfigurationPath: ConfigurationEntry] = [:]
  /// In the order in which they were written.
  private(set) var paths: [ConfigurationPath] = []
  private(set) var problems: [ConfigurationProblem] = []
  /// The profile that counts.
  private(set) var profile: String?

  /// A text may hold any number of mistakes, but nobody reads more than so many.
  private static let mostProblems = 1000

  mutating func set(_ path: ConfigurationPath, _ value: ConfigurationValue, from origin: ConfigurationOrigin)
  {
    if entries.updateValue(ConfigurationEntry(value: value, origin: origin), forKey: path) == nil {
      paths.append(path)
    }
  }

  mutating func report(_ problem: @autoclosure () -> ConfigurationProblem) {
    if problems.count < Self.mostProblems { problems.append(problem()) }
  }

  /// Lays `other` over this one.
  mutating func override(with other: ConfigurationLayer) {
    for path in other.paths {
      if let entry = other.entries[path] { override(path, with: entry) }
    }
    for problem in other.problems { report(problem) }
  }

  /// What has a name already has it from where it was named first.
  private mutating func override(_ path: ConfigurationPath, with entry: ConfigurationEntry) {
    if entry.value != .named || entries[path] == nil { set(path, entry.value, from: entry.origin) }
  }

  // MARK: Values by themselves

  /// Takes what was read at `path`, or reports what is wrong with it.
  mutating func take(
    _ reading: ConfigurationKind.Reading, at path: ConfigurationPath, _ kind: ConfigurationKind,
    from origin: ConfigurationOrigin, found: JSONValue?
  ) {
    var problem = (kind: ConfigurationProblem.Kind.wrongType, message: "it is something else than is wanted")
    switch reading {
    case .value(let value):
      guard case .address(let address) = value, case .file = origin, address.url != address.shown else {
        return set(path, value, from: origin)
      }
      // Nothing of it is shown.
      return report(
        ConfigurationProblem(
          .clearText, at: path, from: origin,
          "the address holds a password, which anybody can read here; a variable may hold it"))
    case .wrongType(let reason): problem.message = reason ?? problem.message
    case .notAllowed(let reason): problem = (.notAllowed, reason)
    case .clearText(let reason): problem = (.clearText, reason)
    }
    report(
      ConfigurationProblem(
        problem.kind, at: path, from: origin, problem.message,
        found: kind.isSecret ? nil : found?.shortened, allowed: kind.allowed,
        suggestion: found?.string.flatMap { Spelling.nearest($0, among: kind.words) }))
  }
}

extension JSONValue {
  /// Enough of the value to recognise it; nothing of what looks like a key.
  var shortened: String {
    switch self {
    case .object: return "an object"
    case .array(let elements) where elements.count > 8: return "a list of \(elements.count)"
    case .array(let elements) where elements.contains { $0.object != nil || $0.array != nil }: return "a list"
    // Perhaps with a password in it.
    case .string(let text) where text.contains("@"): return "an address"
    default:
      // Masked before it is cut, or half a key might be left that looks like none.
      let text = ErrorText.masked(String(text.prefix(256)))
      return text.count > 48 ? text.prefix(40) + "…" : text
    }
  }
}

// MARK: - A file

extension ConfigurationLayer {
  /// What a file sets, without a profile or with one.
  ///
  /// - Parameter wish: the profile that somebody asked for; otherwise the file's own choice counts.
  init(
    _ text: ConfigurationText, _ schema: ConfigurationSchema,
    profile wish: (name: String, ConfigurationOrigin)?
  ) {
    switch text.read() {
    case .failure(let errors): problems = errors.problems
    case .success(let value): read(value, text.name, schema, wish)
    }
  }

  /// Profiles that may be asked for whether they are written down or not.
  static let usualProfiles = ["dev", "test", "prod"]

  private mutating func read(
    _ value: PlacedValue, _ name: String, _ schema: ConfigurationSchema,
    _ wish: (name: String, ConfigurationOrigin)?
  ) {
    let profiles = ConfigurationSchema.profiles
    walk(value, schema.adding(profiles, .named(schema.root)).root, [], name, nil)
    let prefix = ConfigurationPath([profiles])
    let chosen =
      wish
      ?? entries[ConfigurationPath([ConfigurationSchema.profile])].flatMap { entry in
        entry.value.text.map { ($0, entry.origin) }
      }
    profile = chosen?.0
    let written = paths.filter { $0.begins(with: prefix) }
    let names = written.filter { $0.keys.count == 2 }.map { $0.keys[1] }
    for path in written {
      guard let entry = entries.removeValue(forKey: path) else { continue }
      guard path.keys.count > 2, path.keys[1] == chosen?.0 else { continue }
      override(ConfigurationPath(Array(path.keys.dropFirst(2))), with: entry)
    }
    paths.removeAll { entries[$0] == nil }
    if let chosen, !(names + Self.usualProfiles).contains(chosen.0) {
      let all = Array(Set(names + Self.usualProfiles)).sorted()
      report(
        ConfigurationProblem(
          .notAllowed, at: [ConfigurationSchema.profile], from: chosen.1, "\(name) has no such profile",
          found: JSONValue.string(chosen.0).shortened, allowed: all.joined(separator: ", "),
          suggestion: Spelling.nearest(chosen.0, among: all)))
    }
  }

  private mutating func walk(
    _ value: PlacedValue, _ node: ConfigurationSchema.Node, _ path: ConfigurationPath, _ file: String,
    _ profile: String?
  ) {
    func origin(_ place: PlacedValue.Place) -> ConfigurationOrigin {
      .file(file, line: place.line, column: place.column, profile: profile)
    }
    if case .key(let kind, _) = node {
      let json = value.json
      return take(kind.read(json), at: path, kind, from: origin(value.place), found: json)
    }
    guard case .object(let members) = value.content else {
      return report(
        ConfigurationProblem(
          .wrongType, at: path, from: origin(value.place), "an object is wanted here",
          found: value.json.shortened))
    }
    var seen: [String: PlacedValue.Place] = [:]
    for member in members {
      let inner = path.appending(member.key)
      let origin = origin(member.place)
      if let first = seen.updateValue(member.place, forKey: member.key) {
        report(
          ConfigurationProblem(
            .duplicate, at: inner, from: origin, "the key stands here twice, first on line \(first.line)"))
      }
      switch node {
      case .keys(let known):
        if let found = known.first(where: { $0.name == member.key }) {
          walk(member.value, found.node, inner, file, profile)
        } else {
          report(.unknownKey(inner, from: origin, among: known.map(\.name)))
        }
      case .names(let node):
        guard ConfigurationPath.isName(member.key) else {
          report(
            ConfigurationProblem(
              .notAllowed, at: inner, from: origin,
              "a name has letters, digits, - and _, and at most 64 of them"))
          continue
        }
        set(inner, .named, from: origin)
        let isProfile = path.keys == [ConfigurationSchema.profiles]
        walk(member.value, node, inner, file, isProfile ? member.key : profile)
      case .key: break
      }
    }
  }
}

extension ConfigurationProblem {
  /// What is unknown may be a key in the wrong place: its value is not shown.
  static func unknownKey(
    _ path: ConfigurationPath, from origin: ConfigurationOrigin, among names: [String]
  ) -> ConfigurationProblem {
    ConfigurationProblem(
      .unknownKey, at: path, from: origin, "there is no such key",
      allowed: names.filter { !$0.hasPrefix("$") }.joined(separator: ", "),
      suggestion: path.keys.last.flatMap { Spelling.nearest($0, among: names) })
  }
}

extension ConfigurationPath: ExpressibleByArrayLiteral {
  public init(arrayLiteral keys: String...) { self.init(keys) }
}

extension ConfigurationSchema {
  /// The key with the parts of a file that belong to profiles.
  static let profiles = "profiles"
  /// The key with the file's own choice of one.
  static let profile = "profile"
}
