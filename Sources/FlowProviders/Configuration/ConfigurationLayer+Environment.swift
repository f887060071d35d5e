// What the variables of an environment set, and what a program sets while it runs.

extension ConfigurationLayer {
  /// How the variables begin that set a key: `FLOW__PROVIDERS__OPENAI__LIMITS__CONNECT`.
  static let prefix = "FLOW__"

  /// What variables set: those by which providers are known, and above them those that spell a path.
  ///
  /// - Parameter lower: what the layers below have set, which tells how the names are spelt that somebody chose.
  init(variables: [String: String], _ schema: ConfigurationSchema, over lower: ConfigurationLayer) {
    let variables = variables.mapValues(\.trimmed).filter { !$0.value.isEmpty }
    for known in KnownProvider.all { read(known, variables) }
    if let wish = variables["FLOW_PROVIDER"] {
      set(["provider"], .text(wish), from: .variable("FLOW_PROVIDER"))
    }
    let names =
      (lower.paths + paths).filter { $0.keys.count > 1 } + KnownProvider.all.map { ["providers", $0.name] }
    for (variable, text) in variables.sorted(by: { $0.key < $1.key }) where variable.hasPrefix(Self.prefix) {
      read(variable, text, schema, names)
    }
  }

  private mutating func read(_ known: KnownProvider, _ variables: [String: String]) {
    let path: ConfigurationPath = ["providers", known.name]
    func first(_ names: [String]) -> (String, String)? {
      names.lazy.compactMap { name in variables[name].map { (name, $0) } }.first
    }
    let place = first(known.addressVariables)
    let key = first(known.keyVariables)
    // A model alone configures nobody, but it may be that of somebody whom the file names.
    if let (variable, _) = key ?? place { set(path, .named, from: .variable(variable)) }
    if let (variable, _) = key {
      set(
        path.appending("key"), .credential(CredentialReference(scheme: "env", name: variable)),
        from: .variable(variable))
    }
    if let (variable, text) = place {
      let address = ProviderAddress(text, port: known.usualPort)
      take(
        address.map { .value(.address($0)) } ?? .wrongType("it is no address of a server"),
        at: path.appending("address"), .address, from: .variable(variable), found: nil)
    }
    if let (variable, text) = first([known.modelVariable]) {
      set(path.appending("model"), .text(text), from: .variable(variable))
    }
    if let (variable, text) = first(known.otherVariables) {
      set(path.appending("apiVersion"), .text(text), from: .variable(variable))
    }
  }

  private mutating func read(
    _ variable: String, _ text: String, _ schema: ConfigurationSchema, _ names: [ConfigurationPath]
  ) {
    let origin = ConfigurationOrigin.variable(variable)
    var node = schema.root
    var path: ConfigurationPath = []
    // An empty word stands between three underscores, and leads nowhere.
    let rest = Substring(variable.dropFirst(Self.prefix.count))
    for word in rest.split(on: "__") {
      switch node {
      case .keys(let known):
        guard let found = known.first(where: { $0.name.bare == word.bare }) else {
          return report(
            .unknownKey(path.appending(word.lowercased()), from: origin, among: known.map(\.name)))
        }
        path = path.appending(found.name)
        node = found.node
      case .names(let inner):
        // As it is spelt where somebody chose it, or else as most names are.
        let depth = path.keys.count
        let chosen = names.first {
          $0.keys.count > depth && $0.keys.starts(with: path.keys) && $0.keys[depth].bare == word.bare
        }
        let name = chosen?.keys[depth] ?? String(word.lowercased().map { $0 == "_" ? "-" : $0 })
        path = path.appending(name)
        guard ConfigurationPath.isName(name) else {
          return report(ConfigurationProblem(.notAllowed, at: path, from: origin, "this is no name"))
        }
        set(path, .named, from: origin)
        node = inner
      case .key: return report(.unknownKey(path.appending(word.lowercased()), from: origin, among: []))
      }
    }
    guard case .key(let kind, _) = node else {
      return report(
        ConfigurationProblem(.wrongType, at: path, from: origin, "a variable holds one value, and no section")
      )
    }
    take(kind.read(variable: text), at: path, kind, from: origin, found: .string(text))
  }

  /// What was set while the program ran.
  init(runTime values: [(ConfigurationPath, JSONValue)], _ schema: ConfigurationSchema) {
    for (path, value) in values {
      guard case .key(let kind, _)? = schema.node(at: path) else {
        report(schema.unknown(path))
        continue
      }
      // Whoever names a thing has it.
      for count in path.keys.indices.dropFirst() {
        let outer = ConfigurationPath(Array(path.keys[..<count]))
        if count > 1, case .names? = schema.node(at: ConfigurationPath(Array(outer.keys.dropLast()))) {
          set(outer, .named, from: .runTime)
        }
      }
      take(kind.read(value), at: path, kind, from: .runTime, found: value)
    }
  }
}

extension ConfigurationSchema {
  /// What is wrong with a path that leads to no value.
  fileprivate func unknown(_ path: ConfigurationPath) -> ConfigurationProblem {
    var known = path
    while !known.keys.isEmpty {
      let outer = ConfigurationPath(known.keys.dropLast())
      if case .keys(let members)? = node(at: outer), !members.contains(where: { $0.name == known.keys.last })
      {
        return .unknownKey(known, from: .runTime, among: members.map(\.name))
      }
      known = outer
    }
    return ConfigurationProblem(
      .wrongType, at: path, from: .runTime, "one value is set at a time, and no section")
  }
}

extension StringProtocol {
  /// In capitals a variable cannot tell `firstToken` from `FIRST_TOKEN`, nor a dash from an underscore.
  fileprivate var bare: String { lowercased().filter { $0 != "_" && $0 != "-" } }

  /// The parts between `separator`, empty ones included.
  fileprivate func split(on separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let mark = rest.firstRange(of: separator) {
      parts.append(String(rest[..<mark.lowerBound]))
      rest = rest[mark.upperBound...]
    }
    return parts + [String(rest)]
  }
}
