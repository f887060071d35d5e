// Providers out of settings.
import FlowHTTP
import Flows

/// A provider, with what belongs to its life.
public struct ProviderInstance: Sendable {
  public let provider: any ChatProvider
  /// What is known of every model behind it.
  public let declared: Capabilities
  /// The model that answers when nobody says otherwise.
  public let model: String?
  /// Asks the provider something cheap that only a provider which is there can answer, and tells what it said of its
  /// models. `nil` when there is nothing cheap to ask.
  public let probe: (@Sendable () async throws -> [String: Capabilities])?
  /// Gives back what the provider holds. Called once, when nothing that it answers is under way any more.
  public let shutdown: @Sendable () async -> Void

  public init(
    _ provider: any ChatProvider, declared: Capabilities = Capabilities(), model: String? = nil,
    probe: (@Sendable () async throws -> [String: Capabilities])? = nil,
    shutdown: @escaping @Sendable () async -> Void = {}
  ) {
    self.provider = provider
    self.declared = declared
    self.model = model
    self.probe = probe
    self.shutdown = shutdown
  }
}

/// What providers are made with: handed in, so that a test hands in something else.
public struct ProviderDependencies: Sendable {
  public var transport: any HTTPTransport
  /// Who keeps the keys.
  public var credentials: any CredentialStore
  /// The time in which deadlines, probes and last rites run.
  public var scheduler: any FlowScheduler
  /// What stands around a provider, by its settings; the first outermost.
  public var middleware: @Sendable (ProviderSettings) -> [any Middleware]

  /// - Parameters:
  ///   - transport: how providers are reached.
  ///   - credentials: who keeps the keys.
  ///   - scheduler: whose time it is.
  ///   - middleware: what stands around a provider; usually what its settings say.
  public init(
    transport: any HTTPTransport = CurlTransport.shared, credentials: any CredentialStore,
    scheduler: any FlowScheduler = SystemScheduler.shared,
    middleware: @escaping @Sendable (ProviderSettings) -> [any Middleware] = { $0.middleware }
  ) {
    self.transport = transport
    self.credentials = credentials
    self.scheduler = scheduler
    self.middleware = middleware
  }
}

/// Makes providers by their kind.
///
/// ```swift
/// let factory = ProviderFactory.standard.registering("house") { settings, dependencies in
///   let key = try await dependencies.credentials.require(settings.key ?? "env:HOUSE_KEY")
///   return ProviderInstance(HTTPProvider(House(key: key), over: dependencies.transport, limits: settings.limits))
/// }
/// ```
public struct ProviderFactory: Sendable {
  public typealias Make =
    @Sendable (ProviderSettings, ProviderDependencies) async throws -> ProviderInstance

  private var makers: [String: Make] = [:]

  /// One that can make nothing yet.
  public init() {}

  /// One that makes every ``KnownProvider``, and the embedded one.
  public static let standard = KnownProvider.all.reduce(
    ProviderFactory().registering(ConfigurationSchema.embedded) { settings, _ in .embedded(settings) }
  ) { factory, known in
    factory.registering(known.name) { settings, dependencies in
      try await .known(known, settings, dependencies)
    }
  }

  /// A copy that makes one more kind. A kind of that name is replaced.
  public func registering(_ scheme: String, _ make: @escaping Make) -> ProviderFactory {
    precondition(
      ConfigurationPath.isName(scheme), "registering(\"\(scheme)\"): a scheme has letters, digits, - and _")
    var copy = self
    copy.makers[scheme] = make
    return copy
  }

  /// What it can make.
  public var schemes: [String] { makers.keys.sorted() }

  public func canMake(_ scheme: String) -> Bool { makers[scheme] != nil }

  /// The provider of these settings, with everything around it that belongs there.
  ///
  /// - Throws: ``CredentialError``, ``RegistryError``, and what the maker throws.
  public func make(
    _ settings: ProviderSettings, with dependencies: ProviderDependencies
  ) async throws -> ProviderInstance {
    guard let make = makers[settings.kind] else {
      throw RegistryError.unknown(settings.kind, suggestion: Spelling.nearest(settings.kind, among: schemes))
    }
    let bare = try await make(settings, dependencies)
    let middleware = dependencies.middleware(settings)
    guard !middleware.isEmpty else { return bare }
    return ProviderInstance(
      bare.provider.with(middleware), declared: bare.declared, model: bare.model, probe: bare.probe,
      shutdown: bare.shutdown)
  }
}

extension ProviderInstance {
  fileprivate static func embedded(_ settings: ProviderSettings) -> ProviderInstance {
    ProviderInstance(EmbeddedProvider(), model: settings.model ?? EmbeddedProvider.model) {
      [EmbeddedProvider.model: Capabilities([.streaming, .seed], source: .probed)]
    }
  }

  fileprivate static func known(
    _ known: KnownProvider, _ settings: ProviderSettings, _ dependencies: ProviderDependencies
  ) async throws -> ProviderInstance {
    let key = try await key(of: known, settings, dependencies.credentials)
    guard let configured = settings.configured(key: key),
      let format = configured.format(for: settings.model ?? "")
    else { throw RegistryError.incomplete(settings.name) }
    let transport = dependencies.transport
    let provider = HTTPProvider(format, over: transport, limits: settings.limits)
    guard configured.modelListRequest != nil else {
      return ProviderInstance(provider, declared: known.capabilities, model: configured.model)
    }
    return ProviderInstance(provider, declared: known.capabilities, model: configured.model) {
      do {
        let list = try await configured.modelList(over: transport)
        return list.map { ConfiguredProvider.capabilities(in: $0) } ?? [:]
      } catch let error as HTTPError {
        throw ProviderError(transport: error, after: nil)
      }
    }
  }

  /// The key that the settings name. Where they name none, a service at its own address, and nobody else, gets the key
  /// that its variable holds.
  private static func key(
    of known: KnownProvider, _ settings: ProviderSettings, _ credentials: any CredentialStore
  ) async throws -> Secret? {
    if let reference = settings.key { return try await credentials.require(reference) }
    guard known.needs.contains(.key), settings.address == nil else { return nil }
    var failure: (any Error)?
    for variable in known.keyVariables {
      do {
        return try await credentials.require(CredentialReference(scheme: "env", name: variable))
      } catch let error as CancellationError {
        throw error
      } catch {
        failure = failure ?? error
      }
    }
    throw failure ?? RegistryError.incomplete(settings.name)
  }
}

/// Why a registry cannot do what it was asked for.
public enum RegistryError: Error, Sendable, Hashable {
  /// Nobody of this name, or kind, is known.
  case unknown(String, suggestion: String?)
  /// Somebody of this name is there already.
  case taken(String)
  /// A name has letters, digits, `-` and `_`: the model stands behind a colon.
  case noName(String)
  /// The settings do not say enough to make this provider.
  case incomplete(String)
  /// The registry was shut down.
  case shutDown
}

extension RegistryError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknown(let name, let suggestion):
      "there is no provider \(name)" + (suggestion.map { "; did you mean \($0)?" } ?? "")
    case .taken(let name): "there is a provider \(name) already"
    case .noName(let name): "\(JSONValue.string(name).shortened) is no name: it has letters, digits, - and _"
    case .incomplete(let name): "\(name) lacks a key, an address or a model"
    case .shutDown: "the registry was shut down"
    }
  }
}

extension ProviderError {
  /// What a request is told when the registry has nobody to answer it.
  init(_ error: RegistryError) {
    switch error {
    case .shutDown: self.init(.cancelled, "\(error)")
    default: self.init(.invalidRequest, "\(error)")
    }
  }
}
