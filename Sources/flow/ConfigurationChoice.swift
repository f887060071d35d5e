// Which configuration a command works with.
import FlowProviders

/// The file that was named, and the environment.
struct ConfigurationChoice: Sendable {
  static let help = """
      --config FILE      the configuration; left out, the file that FLOW_CONFIG names, if it is set
      --profile NAME     the profile; left out, the one that FLOW_PROFILE names, if it is set

    """

  private(set) var path: String?
  private var profile: String?

  init(_ arguments: inout Arguments) throws {
    try self.init(try arguments.value("--config"), &arguments)
  }

  init(_ path: String?, _ arguments: inout Arguments) throws {
    self.path = path ?? Environment.variables["FLOW_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
    profile = try arguments.value("--profile")
  }

  /// The same with another file.
  func with(_ path: String) -> ConfigurationChoice {
    var copy = self
    copy.path = path
    return copy
  }

  /// The same in every profile of its file, when nobody has said which counts.
  var inEveryProfile: [ConfigurationChoice] {
    let isChosen = profile != nil || Environment.variables["FLOW_PROFILE"].map { !$0.isEmpty } ?? false
    guard !isChosen, let path, let text = try? ConfigurationText(contentsOf: path) else { return [] }
    return text.profiles.map { name in
      var copy = self
      copy.profile = name
      return copy
    }
  }

  /// Nobody has named a file: the variables of the environment are all there is.
  var isPlain: Bool { path == nil }

  /// Who keeps the keys.
  var credentials: CredentialChain { .standard(Environment.variables) }

  /// - Throws: ``ConfigurationErrors``.
  func read() throws(ConfigurationErrors) -> Configuration {
    let text = try path.map { path throws(ConfigurationErrors) in try ConfigurationText(contentsOf: path) }
    return try Configuration(text, variables: Environment.variables, profile: profile)
  }

  /// - Throws: ``Complaint``, after all that is wrong has been told.
  func require() throws -> Configuration {
    do { return try read() } catch {
      for problem in error.problems { Terminal.error("flow: \(problem)\n".withoutControls) }
      throw Complaint(
        "the configuration has \(error.problems.count) \(error.problems.count == 1 ? "mistake" : "mistakes")")
    }
  }

  /// The key of a provider. From now on it is in nothing that is written.
  ///
  /// - Throws: ``Complaint``.
  func key(of settings: ProviderSettings) async throws -> Secret? {
    guard let reference = settings.key else { return nil }
    do {
      let key = try await credentials.require(reference)
      Terminal.mask(also: key)
      return key
    } catch let error as CredentialError {
      throw Complaint("\(settings.name): \(error)")
    }
  }
}

extension Question {
  /// Who answers: by the configuration, where there is one that knows them, or else by the variables alone.
  func choice() async throws -> ProviderChoice {
    if !configuration.isPlain {
      let known = try configuration.require()
      let settings = provider.map { known.provider(named: $0) } ?? known.preferred
      if var settings {
        if let address {
          guard let place = ProviderAddress(address) else { throw Misuse("--base-url wants an address") }
          settings.address = place
        }
        return try ProviderChoice(settings, key: try await configuration.key(of: settings), wanted: provider)
      }
    }
    return try ProviderChoice(provider, address: address, in: Terminal.variables)
  }
}
