// A registry that follows a configuration.

extension ProviderRegistry {
  /// What became of the providers of a configuration.
  public struct Applied: Sendable {
    public var registered: [String] = []
    public var replaced: [String] = []
    public var removed: [String] = []
    /// Those that could not be made, and why. Whoever had the name before still has it.
    public var failed: [(name: String, error: any Error)] = []
  }

  /// Makes the registry what a configuration says: new providers are registered, changed ones exchanged, those that it does
  /// not name any more removed. Who was registered by hand, and who is as before, is left alone. Answers that are under
  /// way end with whom they began.
  ///
  /// ```swift
  /// for try await change in store.changes.values {
  ///   if case .applied(let configuration, _) = change { await registry.apply(configuration) }
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - configuration: what the registry becomes.
  ///   - drain: how long those that go may still answer; `nil` for as long as it takes.
  @discardableResult
  public func apply(_ configuration: Configuration, drain: Duration? = nil) async -> Applied {
    var applied = Applied()
    let all = all
    var before: [String: ProviderSettings] = [:]
    for entry in all { before[entry.generation.name] = entry.settings }
    let byHand = Set(all.filter { $0.settings == nil }.map(\.generation.name))
    for settings in configuration.providers
    where before[settings.name] != settings && !byHand.contains(settings.name) {
      do {
        let instance = try await factory.make(settings, with: dependencies)
        do {
          if before[settings.name] != nil {
            try replace(settings.name, with: instance, settings, drain: drain)
            applied.replaced.append(settings.name)
          } else {
            try register(settings.name, instance, settings)
            applied.registered.append(settings.name)
          }
        } catch {
          await instance.shutdown()
          throw error
        }
      } catch {
        applied.failed.append((settings.name, error))
      }
    }
    let wanted = Set(configuration.providers.map(\.name))
    for name in before.keys.sorted() where !wanted.contains(name) {
      if (try? remove(name, drain: drain)) != nil { applied.removed.append(name) }
    }
    if let preferred = configuration.preferred?.name { try? activate(preferred) }
    return applied
  }
}
