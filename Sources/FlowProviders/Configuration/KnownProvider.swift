// A provider that is known by name, and what configures it.

/// A provider that this library knows: its language, where it is, and which variables of the environment configure it.
///
/// What is known of all of them stands in ``all``; ``ProviderEnvironment`` brings it together with the variables.
public struct KnownProvider: Sendable {
  public let name: String
  /// For people: whose it is, and what it speaks.
  public let title: String
  /// The variables that may hold its key; the first that is set counts.
  public let keyVariables: [String]
  /// The variables that may hold its address; the first that is set counts.
  public let addressVariables: [String]
  /// Variables for what only this provider wants to know.
  public let otherVariables: [String]
  /// Where it is when nobody says otherwise.
  public let place: Place
  /// The variable that may hold the name of its model.
  public let modelVariable: String
  /// The model that answers when nobody says otherwise; `nil` for the first that the server lists.
  public let model: String?
  public let capabilities: Capabilities
  /// What must be set before it can be used.
  let needs: Set<Need>
  let language: Language

  public enum Place: Sendable, Hashable {
    /// A service: it wants a key, unless another address was set.
    case service(String)
    /// A server of one's own, usually there.
    case local(String)
    /// Nowhere in particular: its address must be set.
    case unknown
  }

  enum Need: Sendable {
    /// A key, unless another address was set.
    case key
    case address, model
  }

  /// What is set when the language is made.
  struct Settings: Sendable {
    var address: ProviderAddress
    var key: Secret?
    var model: String
    /// The address is not that of the service.
    var isElsewhere: Bool
    /// What its other variables hold, those that are set.
    var other: [String]
  }

  /// How to speak to it.
  struct Language: Sendable {
    /// How the models that a server has are asked for.
    enum List: Sendable {
      case none
      /// A path behind the base.
      case path(String)
    }

    let list: List
    let make: @Sendable (Settings) -> any WireFormat

    init(list: List = .path("/models"), _ make: @escaping @Sendable (Settings) -> any WireFormat) {
      self.list = list
      self.make = make
    }
  }

  /// The provider of this name.
  public init?(named name: String) {
    guard let known = KnownProvider.all.first(where: { $0.name == name }) else { return nil }
    self = known
  }

  init(
    _ name: String, _ title: String, keys: [String] = [], addresses: [String], others: [String] = [],
    at place: Place,
    modelVariable: String, model: String? = nil, features: Set<Capabilities.Feature>,
    needs: Set<Need>? = nil, _ language: Language
  ) {
    self.name = name
    self.title = title
    keyVariables = keys
    addressVariables = addresses
    otherVariables = others
    self.place = place
    self.modelVariable = modelVariable
    self.model = model
    capabilities = Capabilities(features)
    self.needs = needs ?? place.needs
    self.language = language
  }
}

extension KnownProvider.Place {
  fileprivate var needs: Set<KnownProvider.Need> {
    switch self {
    case .service: [.key]
    case .local: []
    case .unknown: [.address]
    }
  }

  /// Where it is, when that is known.
  var usual: String? {
    switch self {
    case .service(let text), .local(let text): text
    case .unknown: nil
    }
  }
}

extension KnownProvider.Language {
  /// OpenAI's chat language, in a dialect. Only the address of the dialect is replaced.
  static func chat(_ dialect: OpenAIDialect) -> KnownProvider.Language {
    KnownProvider.Language { settings in
      var dialect = dialect
      dialect.base = settings.address.url
      return OpenAIChat(dialect, key: settings.key)
    }
  }
}
