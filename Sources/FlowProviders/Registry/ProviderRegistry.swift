// The providers of a program, by name, while they come and go.
import Flows

/// Holds providers by name. They can be exchanged while it runs: an answer ends with the provider that it began with, and
/// that is shut down, once, when its last answer has ended.
///
/// ```swift
/// let registry = ProviderRegistry(ProviderDependencies(credentials: CredentialChain.standard(variables)))
/// let provider = try await registry.provider(for: "openai:gpt-4o")
/// let retired = try registry.replace("openai", with: ProviderInstance(another), drain: .seconds(30))
/// await registry.shutdown(grace: .seconds(10))
/// ```
///
/// What it hands out goes to whoever has the name when a request begins.
// All state is guarded by the lock; providers, makers and subscribers are called outside of it.
public final class ProviderRegistry: @unchecked Sendable {
  public let factory: ProviderFactory
  public let dependencies: ProviderDependencies
  public let policy: HealthPolicy
  let changes = FlowSubject<HealthChange>(buffer: 256, whenFull: .dropOldest)
  private let lock = Lock()
  private var entries: [String: Entry] = [:]
  private var order: [String] = []
  private var active: String?
  /// Providers that are being made.
  private var pending: [String: Promise<Bool>] = [:]
  /// Those that have left their name and may still be answering.
  private var retired: [ObjectIdentifier: ProviderGeneration] = [:]
  private var lastGeneration = 0
  private var isShutDown = false

  struct Entry {
    var generation: ProviderGeneration
    var health: ProviderHealth
    /// By model.
    var probed: [String: Capabilities] = [:]
    var observed: [String: Set<Capabilities.Feature>] = [:]
    /// What it was made of, when a configuration has made it.
    var settings: ProviderSettings?

    /// Models of which is remembered what was seen.
    static let mostModels = 256
  }

  public init(
    _ dependencies: ProviderDependencies, factory: ProviderFactory = .standard,
    policy: HealthPolicy = HealthPolicy()
  ) {
    self.dependencies = dependencies
    self.factory = factory
    self.policy = policy
  }

  // Answers that are under way hold it: there are none.
  deinit { for entry in entries.values { entry.generation.retire() } }

  // MARK: Register

  /// The names, in the order in which they were given.
  public var names: [String] { lock(self) { order } }

  /// Gives a name to a provider.
  ///
  /// - Throws: ``RegistryError`` when the name is taken, or none.
  public func register(_ name: String, _ instance: ProviderInstance) throws(RegistryError) {
    try register(name, instance, nil)
  }

  /// Gives a name to a provider that needs no last rites.
  public func register(_ name: String, _ provider: some ChatProvider) throws(RegistryError) {
    try register(name, ProviderInstance(provider))
  }

  func register(
    _ name: String, _ instance: ProviderInstance, _ settings: ProviderSettings?
  ) throws(RegistryError) {
    guard ConfigurationPath.isName(name) else { throw .noName(name) }
    let failure = lock(self) { () -> RegistryError? in
      if isShutDown { return .shutDown }
      if entries[name] != nil { return .taken(name) }
      entries[name] = makeEntry(name, instance, settings)
      order.append(name)
      return nil
    }
    if let failure { throw failure }
  }

  /// Gives the name of a provider to another one, for every request that begins from now on. What the old one has begun
  /// it ends; then it is shut down.
  ///
  /// - Parameters:
  ///   - name: whose place is taken.
  ///   - instance: the new one.
  ///   - drain: how long the old one may take; then what is under way is broken off. `nil` for as long as it takes.
  /// - Returns: the old one's retirement, which may be waited for.
  /// - Throws: ``RegistryError`` when nobody has the name.
  @discardableResult
  public func replace(
    _ name: String, with instance: ProviderInstance, drain: Duration? = nil
  ) throws(RegistryError) -> ProviderRetirement {
    try replace(name, with: instance, nil, drain: drain)
  }

  @discardableResult
  func replace(
    _ name: String, with instance: ProviderInstance, _ settings: ProviderSettings?, drain: Duration?
  ) throws(RegistryError) -> ProviderRetirement {
    try retire(name, drain: drain) { entries[name] = makeEntry(name, instance, settings) }
  }

  /// Takes a name away. What its provider has begun it ends; then it is shut down.
  @discardableResult
  public func remove(_ name: String, drain: Duration? = nil) throws(RegistryError) -> ProviderRetirement {
    try retire(name, drain: drain) {
      entries[name] = nil
      order.removeAll { $0 == name }
      if active == name { active = nil }
    }
  }

  /// - Parameter change: called with the lock held, when the name is there.
  private func retire(
    _ name: String, drain: Duration?, _ change: () -> Void
  ) throws(RegistryError) -> ProviderRetirement {
    let result = lock(self) { () -> Result<ProviderGeneration, RegistryError> in
      if isShutDown { return .failure(.shutDown) }
      guard let old = entries[name]?.generation else { return .failure(unknown(name)) }
      change()
      retired[ObjectIdentifier(old)] = old
      return .success(old)
    }
    let old = try result.get()
    old.retire(drain: drain)
    return ProviderRetirement(generation: old)
  }

  /// Called with the lock held.
  private func makeEntry(_ name: String, _ instance: ProviderInstance, _ settings: ProviderSettings?) -> Entry
  {
    lastGeneration += 1
    let generation = ProviderGeneration(name, lastGeneration, instance, dependencies.scheduler) {
      [weak self] generation in self?.forget(generation)
    }
    return Entry(
      generation: generation, health: ProviderHealth(name, lastGeneration), settings: settings)
  }

  private func forget(_ generation: ProviderGeneration) {
    let forgotten = lock(self) { retired.removeValue(forKey: ObjectIdentifier(generation)) }
    withExtendedLifetime(forgotten) {}
  }

  /// Called with the lock held.
  private func unknown(_ name: String) -> RegistryError {
    .unknown(name, suggestion: Spelling.nearest(name, among: order + factory.schemes))
  }

  // MARK: Activate and look up

  /// Makes a provider the one that answers when nobody says who.
  public func activate(_ name: String) throws(RegistryError) {
    let failure = lock(self) { () -> RegistryError? in
      guard entries[name] != nil else { return unknown(name) }
      active = name
      return nil
    }
    if let failure { throw failure }
  }

  /// The name of the provider that was activated, or else of the first.
  public var activeName: String? { lock(self) { active ?? order.first } }

  /// Whoever is active when a request begins.
  public var activeProvider: any ChatProvider { RegisteredProvider(registry: self, wish: nil, model: nil) }

  /// Whoever has this name when a request begins; `nil` when nobody has it now.
  public func provider(named name: String) -> (any ChatProvider)? {
    guard lock(self, { entries[name] != nil }) else { return nil }
    return RegisteredProvider(registry: self, wish: name, model: nil)
  }

  /// The provider and the model that `reference` names: `openai:gpt-4o`, `ollama:qwen3:8b`, `embedded`. The model is put
  /// into every request, whatever stands there. Whoever is not there yet, but can be made, is made, once, and registered
  /// under that name.
  ///
  /// - Throws: ``RegistryError``, ``CredentialError``, and what the maker throws.
  public func provider(for reference: String) async throws -> any ChatProvider {
    let colon = reference.firstIndex(of: ":")
    let name = String(reference[..<(colon ?? reference.endIndex)])
    let model = colon.map { String(reference[reference.index(after: $0)...]) }.flatMap {
      $0.isEmpty ? nil : $0
    }
    try await ensure(name)
    return RegisteredProvider(registry: self, wish: name, model: model)
  }

  /// Makes the provider of this name, unless it is there. Whoever comes meanwhile waits for the same one.
  private func ensure(_ name: String) async throws {
    while true {
      let found = lock(self) { () -> (Result<Bool, RegistryError>, Promise<Bool>?) in
        if isShutDown { return (.failure(.shutDown), nil) }
        if entries[name] != nil { return (.success(true), nil) }
        if let promise = pending[name] { return (.success(false), promise) }
        return (factory.canMake(name) ? .success(false) : .failure(unknown(name)), nil)
      }
      if try found.0.get() { return }
      let promise = found.1 ?? promised(name)
      _ = try await promise.value
    }
  }

  private func promised(_ name: String) -> Promise<Bool> {
    let (factory, dependencies) = (factory, dependencies)
    // Held back until it stands where others find it: perhaps it is ready at once.
    let gate = CurrentValueFlow(false)
    let promise = Flow<Bool>.future { [weak self] in
      _ = try await gate.flow.filter { $0 }.first()
      let settings = ProviderSettings(name)
      let instance = try await factory.make(settings, with: dependencies)
      do {
        guard let self else { throw RegistryError.shutDown }
        try self.register(name, instance, nil)
      } catch {
        await instance.shutdown()
        if case .taken = error as? RegistryError { return true }
        throw error
      }
      return true
    }
    .scheduler(dependencies.scheduler).promise()
    let other = lock(self) { () -> Promise<Bool>? in
      if let other = pending[name] { return other }
      pending[name] = promise
      return nil
    }
    if let other {
      promise.cancel()
      return other
    }
    promise.onComplete { [weak self] _ in
      guard let self else { return }
      let done = self.lock(self) { self.pending.removeValue(forKey: name) }
      withExtendedLifetime(done) {}
    }
    gate.value = true
    return promise
  }

  /// A part in the life of whoever has this name.
  func lease(_ wish: String?) throws -> ProviderLease {
    while true {
      let found = lock(self) { () -> Result<ProviderGeneration, RegistryError> in
        if isShutDown { return .failure(.shutDown) }
        guard let name = wish ?? active ?? order.first else {
          return .failure(.unknown("at all", suggestion: nil))
        }
        return entries[name].map { .success($0.generation) } ?? .failure(unknown(name))
      }
      do {
        // It may have left its name meanwhile: then somebody else has it.
        if let lease = try found.get().lease() { return lease }
      } catch {
        throw ProviderError(error)
      }
    }
  }

  // MARK: Shut down

  /// Ends everything: no request begins any more, those that are under way get `grace`, then they are broken off, with a
  /// ``ProviderError`` that is `cancelled`. Returns when every provider was shut down.
  public func shutdown(grace: Duration) async {
    let generations = lock(self) {
      isShutDown = true
      for entry in entries.values { retired[ObjectIdentifier(entry.generation)] = entry.generation }
      entries = [:]
      order = []
      return Array(retired.values)
    }
    for generation in generations { generation.retire(drain: grace) }
    for generation in generations { await generation.waitForEnd() }
    changes.finish()
  }

  // MARK: For the other files

  /// What is remembered of a provider, changed under the lock. `nil` when that generation has left its name.
  func change<R>(_ generation: ProviderGeneration, _ body: (inout Entry) -> R) -> R? {
    lock(self) {
      guard entries[generation.name]?.generation === generation else { return nil }
      return body(&entries[generation.name]!)
    }
  }

  /// Everything, in the order of the names.
  var all: [Entry] { lock(self) { order.compactMap { entries[$0] } } }
}
