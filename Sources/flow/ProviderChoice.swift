// Who answers.
import FlowHTTP
import FlowProviders
import Flows

/// The provider that a command talks to, and why it is this one.
struct ProviderChoice: Sendable {
  let name: String
  /// Told to whoever asked, when they did not say who should answer.
  let note: String?
  /// `nil` for the one that is in this process.
  let configured: ConfiguredProvider?
  /// What a configuration says of it, if there is one.
  private let settings: ProviderSettings?

  static let embedded = "embedded"

  /// The provider of a configuration.
  init(_ settings: ProviderSettings, key: Secret?, wanted: String?) throws {
    name = settings.name
    note = wanted == nil ? "\(settings.name) answers, by the configuration." : nil
    self.settings = settings
    configured = settings.configured(key: key)
    configured?.secrets.forEach(Terminal.mask(also:))
    if configured == nil, settings.kind != ProviderChoice.embedded {
      throw Complaint("\(settings.name) is a \(settings.kind), which this tool does not know")
    }
  }

  /// - Parameters:
  ///   - wanted: the name, if one was given.
  ///   - address: replaces that of the environment.
  init(_ wanted: String?, address: String?, in variables: [String: String]) throws {
    settings = nil
    var variables = variables
    let plain = ProviderEnvironment(variables)
    let name = wanted ?? plain.wish ?? (address == nil ? plain.firstConfigured?.name : "openai")
    guard let name, name != ProviderChoice.embedded else {
      if address != nil { throw Misuse("\(ProviderChoice.embedded) has no address") }
      self.name = ProviderChoice.embedded
      note =
        (name == nil ? "No provider is configured: the " : "The ")
        + "embedded n-gram model answers. It is tiny and knows little; flow providers lists others."
      configured = nil
      return
    }
    guard let known = KnownProvider(named: name) else {
      let all = ([ProviderChoice.embedded] + KnownProvider.all.map(\.name)).joined(separator: ", ")
      throw Misuse("there is no provider \(name); there are \(all)")
    }
    if let address {
      for variable in known.addressVariables { variables[variable] = nil }
      known.addressVariables.first.map { variables[$0] = address }
    }
    let environment = address == nil ? plain : ProviderEnvironment(variables)
    guard let configured = environment.provider(named: name) else {
      throw Misuse("there is no provider \(name)")
    }
    switch configured.state {
    case .configured, .usual: break
    case .wrong(let variable):
      throw Misuse(address == nil ? "\(variable) holds no address" : "--base-url wants an address")
    case .missing(let missing):
      let names = missing.map { $0.joined(separator: " or ") }.joined(separator: " and ")
      throw Complaint("\(name) is not configured", hint: "Set \(names).")
    }
    self.name = name
    self.configured = configured
    if wanted == nil, case .configured(let by) = configured.state {
      let why = plain.wish == nil && address == nil ? ", because \(by.joined(separator: " and ")) is set" : ""
      note = "\(name) answers\(why)."
    } else {
      note = nil
    }
  }

  /// The provider, and the model that answers.
  ///
  /// - Throws: ``Complaint``, or `CancellationError`.
  func opened(
    _ model: String?, over transport: any HTTPTransport = CurlTransport.shared
  ) async throws -> (any ChatProvider, String) {
    guard let configured else { return (around(EmbeddedProvider()), model ?? EmbeddedProvider.model) }
    let found: String
    do {
      found = try await resolve(model)
    } catch let error as CancellationError {
      throw error
    } catch let error as ProviderError {
      throw Complaint("\(name): \(error)", hint: "Name a model with --model.")
    } catch {
      throw Complaint(error, from: self)
    }
    return try open(found, configured, over: transport)
  }

  private func open(
    _ model: String, _ configured: ConfiguredProvider, over transport: any HTTPTransport
  ) throws -> (any ChatProvider, String) {
    guard let format = configured.format(for: model) else { throw Complaint("\(name) is not configured") }
    let limits = settings?.limits ?? ProviderLimits()
    return (around(HTTPProvider(format, over: transport, limits: limits)), model)
  }

  /// With what the configuration wants around it.
  private func around(_ provider: any ChatProvider) -> any ChatProvider {
    provider.with(settings?.middleware ?? [])
  }

  /// The model that was named, the usual one, or the first that the server has.
  private func resolve(_ model: String?) async throws -> String {
    if let model = model ?? configured?.model { return model }
    guard let first = try await configured?.models().first else {
      throw Complaint("\(name) lists no model", hint: "Load one, or name it with --model.")
    }
    return first
  }

  /// What to look at when nobody answers at the address.
  var addressHint: String? {
    guard let configured, let address = configured.address else { return nil }
    let variable = configured.known.addressVariables.first ?? "--base-url"
    switch configured.known.place {
    case .local, .unknown: return "Is the server running at \(address)? \(variable) can say another address."
    case .service(let usual):
      return address == usual ? nil : "Is there a server at \(address), and is \(variable) its whole address?"
    }
  }
}
