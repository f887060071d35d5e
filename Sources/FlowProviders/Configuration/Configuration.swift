// A whole configuration: checked, typed, and able to say where everything comes from.

/// What a program was told about its providers, from four layers: defaults, a file, the variables of the environment,
/// and what was set while it runs. A later layer overrides an earlier one, value by value.
///
/// ```swift
/// let configuration = try Configuration(ConfigurationText("flow.json", text), variables: variables)
/// let limits = configuration.provider(named: "openai")?.limits
/// let origin = configuration.origin(of: "providers.openai.limits.connect")  // flow.json:7:18
/// ```
///
/// There is none with a mistake in it: ``ConfigurationErrors`` tells all of them at once. It holds no key, only where
/// keys are kept, so it may be printed.
public struct Configuration: Sendable {
  /// The profile whose part of the file overrides the rest of it, if there is one.
  public let profile: String?
  /// The providers that can be used, in the order in which they were named.
  public let providers: [ProviderSettings]
  public let schema: ConfigurationSchema
  private let layer: ConfigurationLayer

  /// - Parameters:
  ///   - file: the file, if there is one.
  ///   - variables: the environment. `FLOW_PROFILE` names the profile.
  ///   - profile: the profile, whatever else says which.
  ///   - values: what was set while the program runs.
  ///   - schema: which keys there are.
  /// - Throws: everything that is wrong.
  public init(
    _ file: ConfigurationText? = nil, variables: [String: String] = [:], profile: String? = nil,
    runTime values: [ConfigurationPath: JSONValue] = [:], schema: ConfigurationSchema = .standard
  ) throws(ConfigurationErrors) {
    let variable = variables["FLOW_PROFILE"].map(\.trimmed).flatMap { $0.isEmpty ? nil : $0 }
    let wish =
      profile.map { ($0, ConfigurationOrigin.runTime) } ?? variable.map { ($0, .variable("FLOW_PROFILE")) }
    var layer = file.map { ConfigurationLayer($0, schema, profile: wish) } ?? ConfigurationLayer()
    layer.override(with: ConfigurationLayer(variables: variables, schema, over: layer))
    layer.override(
      with: ConfigurationLayer(runTime: values.sorted { $0.key < $1.key }.map { ($0, $1) }, schema))
    self.layer = layer
    self.schema = schema
    self.profile = layer.profile ?? wish?.0
    let (providers, mistakes) = ProviderSettings.all(in: layer)
    self.providers = providers
    var problems = layer.problems + mistakes
    for check in schema.checks { problems += check(self) }
    if !problems.isEmpty { throw ConfigurationErrors(problems) }
  }

  /// The value at a path, or its default; `nil` when there is neither.
  public subscript(path: ConfigurationPath) -> ConfigurationValue? {
    layer.entries[path]?.value ?? schema.defaultValue(at: path)
  }

  /// Where the value at a path comes from; `nil` when there is none.
  public func origin(of path: ConfigurationPath) -> ConfigurationOrigin? {
    layer.entries[path]?.origin ?? schema.defaultValue(at: path).map { _ in .defaults }
  }

  /// Everything that was set, in the order in which it was, as it may be shown.
  public var entries: [(path: ConfigurationPath, value: ConfigurationValue, origin: ConfigurationOrigin)] {
    layer.paths.compactMap { path in layer.entries[path].map { (path, $0.value, $0.origin) } }
  }

  /// The names under a path whose keys are names, in the order in which they were given.
  public func names(under path: ConfigurationPath) -> [String] {
    layer.names(under: path)
  }

  /// The provider of this name, when it can be used.
  public func provider(named name: String) -> ProviderSettings? { providers.first { $0.name == name } }

  /// The provider that answers when nobody says which: the one that was named, or else the first that can be used.
  public var preferred: ProviderSettings? {
    if let wish = self["provider"]?.text { return provider(named: wish) }
    return providers.first
  }

  /// What is another value here than in `old`.
  public func differences(from old: Configuration) -> [ConfigurationDifference] {
    let paths = old.layer.paths + layer.paths.filter { old.layer.entries[$0] == nil }
    return paths.compactMap { path in
      let (before, after) = (old[path], self[path])
      guard before != after else { return nil }
      return ConfigurationDifference(
        path: path, old: before.map(\.description), new: after.map(\.description), origin: origin(of: path))
    }
  }
}

extension ConfigurationLayer {
  func names(under path: ConfigurationPath) -> [String] {
    paths.filter {
      $0.keys.count == path.keys.count + 1 && $0.begins(with: path) && entries[$0]?.value == .named
    }
    .map { $0.keys[path.keys.count] }
  }
}

/// One value that has become another one, as it may be shown: no key, no password.
public struct ConfigurationDifference: Sendable, Hashable {
  public let path: ConfigurationPath
  /// `nil` when there was none.
  public let old: String?
  /// `nil` when there is none any more.
  public let new: String?
  /// Where the new value comes from.
  public let origin: ConfigurationOrigin?
}

extension ConfigurationDifference: CustomStringConvertible {
  public var description: String {
    "\(path): \(old ?? "nothing") → \(new ?? "nothing")" + (origin.map { " (\($0))" } ?? "")
  }
}
