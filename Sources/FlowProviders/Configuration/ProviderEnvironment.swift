// Providers out of the variables of an environment.

/// What an environment configures: a pure function of its variables.
///
/// ```swift
/// let environment = ProviderEnvironment(ProcessInfo.processInfo.environment)
/// let provider = environment.provider(named: "anthropic")
/// ```
public struct ProviderEnvironment: Sendable {
  /// Every provider that is known by name, in the order of ``KnownProvider/all``.
  public let providers: [ConfiguredProvider]
  /// The provider that `FLOW_PROVIDER` names.
  public let wish: String?
  /// Every key and password that the variables hold, so that they can be kept out of whatever is shown.
  public let secrets: [Secret]

  public init(_ variables: [String: String]) {
    let variables = variables.mapValues(\.trimmed).filter { !$0.value.isEmpty }
    let providers = KnownProvider.all.map { ConfiguredProvider($0, variables) }
    self.providers = providers
    wish = variables["FLOW_PROVIDER"]
    secrets = Array(Set(providers.flatMap(\.secrets)))
  }

  /// Every variable that is read.
  public static let variableNames: Set<String> = KnownProvider.all.reduce(into: ["FLOW_PROVIDER"]) {
    $0.formUnion($1.keyVariables + $1.addressVariables + $1.otherVariables + [$1.modelVariable])
  }

  public func provider(named name: String) -> ConfiguredProvider? { providers.first { $0.name == name } }

  /// The first provider that somebody configured.
  public var firstConfigured: ConfiguredProvider? {
    providers.first { if case .configured = $0.state { true } else { false } }
  }
}

/// A provider, and what the environment says of it.
public struct ConfiguredProvider: Sendable {
  public let known: KnownProvider
  public let state: State
  /// The address, as it can be shown; `nil` when there is none.
  public var address: String? { settings?.address.shown }
  /// The model that answers when nobody says otherwise; `nil` for the first that the server lists.
  public let model: String?
  /// The variable that holds the key that is used, if one is.
  public let keyVariable: String?
  /// Its key, and the passwords in its address, so that they can be kept out of whatever is shown.
  public let secrets: [Secret]
  private let settings: KnownProvider.Settings?

  public enum State: Sendable, Hashable {
    /// These variables configure it.
    case configured(by: [String])
    /// Nobody configured it; it is used where it usually is.
    case usual
    /// It cannot be used without one of each of these variables.
    case missing([[String]])
    /// This variable holds something that is no address.
    case wrong(String)
  }

  public var name: String { known.name }
  public var capabilities: Capabilities { known.capabilities }

  /// - Parameter variables: without those that are blank.
  init(_ known: KnownProvider, _ variables: [String: String]) {
    self.known = known
    let key = known.keyVariables.first { variables[$0] != nil }
    let place = known.addressVariables.first { variables[$0] != nil }
    keyVariable = key
    let secret = key.flatMap { variables[$0] }.map { Secret($0) }
    let given = place.flatMap { variables[$0] }
    secrets = [secret].compactMap(\.self) + (given.map(ConfiguredProvider.passwords) ?? [])
    let address = (given ?? known.place.usual).flatMap { ProviderAddress($0, port: known.usualPort) }
    // Elsewhere nobody knows the service's models.
    let isElsewhere = address.map(known.isElsewhere) ?? false
    model = variables[known.modelVariable] ?? (isElsewhere ? nil : known.model)
    let isKeyWanted = known.needs.contains(.key) && (place == nil || known.needs.contains(.address))
    var missing: [[String]] = []
    if isKeyWanted, key == nil { missing.append(known.keyVariables) }
    if known.needs.contains(.address), place == nil { missing.append(known.addressVariables) }
    if known.needs.contains(.model), model == nil { missing.append([known.modelVariable]) }
    if let place, address == nil {
      state = .wrong(place)
    } else if !missing.isEmpty {
      state = .missing(missing)
    } else {
      let used = [key, place].compactMap(\.self)
      state = used.isEmpty ? .usual : .configured(by: used)
    }
    let isUsable = missing.isEmpty
    settings = address.flatMap { address in
      guard isUsable else { return nil }
      return KnownProvider.Settings(
        address: address, key: secret, model: "", isElsewhere: isElsewhere,
        other: known.otherVariables.compactMap { variables[$0] })
    }
  }

  /// The language to speak for `model`; `nil` when the provider cannot be used.
  public func format(for model: String) -> (any WireFormat)? {
    guard var settings else { return nil }
    settings.model = model
    return known.language.make(settings)
  }

  /// The passwords in an address: of its user, and of its query.
  private static func passwords(_ address: String) -> [Secret] {
    var found: [Substring] = []
    let start = address.firstRange(of: "://")?.upperBound ?? address.startIndex
    let authority = address[start...].prefix { !"/?#".contains($0) }
    if let at = authority.lastIndex(of: "@") {
      found += authority[..<at].split(separator: ":", maxSplits: 1).dropFirst()
    }
    if let mark = address.firstIndex(of: "?") {
      found += address[mark...].dropFirst().split(separator: "&").compactMap {
        $0.split(separator: "=", maxSplits: 1).dropFirst().first
      }
    }
    return found.map { Secret(String($0)) }
  }
}

extension KnownProvider {
  /// The port of a server of one's own.
  var usualPort: Int? {
    if case .local(let text) = place { text.split(separator: ":").last.flatMap { Int($0) } } else { nil }
  }

  fileprivate func isElsewhere(_ address: ProviderAddress) -> Bool {
    if case .service(let url) = place { ProviderAddress(url)?.shown != address.shown } else { false }
  }
}
