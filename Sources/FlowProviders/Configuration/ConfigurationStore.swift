// The configuration of a program that runs.
import Flows

/// Holds the configuration, and changes it while the program runs: when the file changes, and when somebody says so.
///
/// ```swift
/// let store = try ConfigurationStore(file: "flow.json", variables: variables)
/// let subscription = store.changes.subscribe { change in
///   if case .applied(let configuration, let differences) = change { use(configuration, differences) }
/// }
/// ```
///
/// There is always a whole, right configuration: one with mistakes is refused and reported, and the old one stays.
// All state is guarded by the lock; files are read, configurations are made and subscribers are told outside of it.
public final class ConfigurationStore: @unchecked Sendable {
  private let source: ConfigurationSource?
  private let make:
    @Sendable (ConfigurationText?, [ConfigurationPath: JSONValue]) throws(ConfigurationErrors) ->
      Configuration
  private let audit: AuditLog?
  private let subject = FlowSubject<ConfigurationChange>(buffer: 64, whenFull: .dropOldest)
  private let lock = Lock()
  private var state: State
  private var announcements = Ring<Announcement>()
  private var isAnnouncing = false
  /// Watches the file while anybody listens.
  private var watch = Flow<ConfigurationChange>.empty()

  /// What a configuration was made of, and what came of it.
  private struct State {
    var current: Configuration
    var text: ConfigurationText?
    var values: [ConfigurationPath: JSONValue] = [:]
    /// Counts what was set and read: who has made a configuration of something older has to make another one.
    var version = 0
    /// What the file looked like at the last glance, and when it was read.
    var seen: LocalFile.Stamp?
    var read: LocalFile.Stamp?
  }

  /// What has to be told, in the order in which it happened.
  private struct Announcement {
    var change: ConfigurationChange
    var who: String
  }

  /// - Parameters:
  ///   - path: the file; `nil` for none.
  ///   - variables: the environment, as it is now.
  ///   - profile: the profile, whatever else says which.
  ///   - schema: which keys there are.
  ///   - audit: where changes are written down.
  ///   - interval: how often the file is looked at, while somebody listens to ``changes``. A file is read when it has
  ///     looked the same twice: nobody reads one that is being written. More than zero; anything else traps.
  /// - Throws: ``ConfigurationErrors`` with everything that is wrong.
  public convenience init(
    file path: String?, variables: [String: String] = [:], profile: String? = nil,
    schema: ConfigurationSchema = .standard, audit: AuditLog? = nil,
    lookingEvery interval: Duration = .seconds(2)
  ) throws(ConfigurationErrors) {
    try self.init(
      path.map { ConfigurationSource($0) }, variables: variables, profile: profile, schema: schema,
      audit: audit,
      lookingEvery: interval)
  }

  init(
    _ source: ConfigurationSource?, variables: [String: String] = [:], profile: String? = nil,
    schema: ConfigurationSchema = .standard, audit: AuditLog? = nil,
    lookingEvery interval: Duration = .seconds(2)
  ) throws(ConfigurationErrors) {
    precondition(interval > .zero, "ConfigurationStore(lookingEvery: \(interval)): never is not often enough")
    self.source = source
    self.audit = audit
    make = { text, values throws(ConfigurationErrors) in
      try Configuration(text, variables: variables, profile: profile, runTime: values, schema: schema)
    }
    let stamp = source?.stamp()
    let text = try source?.text()
    let first = try Configuration(text, variables: variables, profile: profile, schema: schema)
    state = State(current: first, text: text, seen: stamp, read: stamp)
    guard source != nil else { return }
    watch = Flow<FlowTick>.interval(every: interval)
      .prefix(while: { [weak self] _ in self?.look() != nil })
      .ignoreOutput(as: ConfigurationChange.self)
      .share()
  }

  /// The configuration as it is.
  public var current: Configuration { lock(self) { state.current } }

  /// What changes, and what was refused. While anybody listens, the file is looked at, in the time of whoever came first.
  ///
  /// **Demand.** A change that nobody asks for waits, with 63 others; then the oldest is lost. **Completion.** When the
  /// store is let go.
  public var changes: Flow<ConfigurationChange> { .merge([subject.flow, lock(self) { watch }]) }

  /// Reads the file now, whether it looks as if it had changed or not.
  ///
  /// - Returns: what is another value now.
  /// - Throws: ``ConfigurationErrors``; the configuration is then what it was.
  @discardableResult
  public func reload() throws(ConfigurationErrors) -> [ConfigurationDifference] {
    guard let source else { return [] }
    let stamp = source.stamp()
    return try change(by: "file \(source.name)") { state throws(ConfigurationErrors) in
      (state.seen, state.read) = (stamp, stamp)
      state.text = try source.text()
    }
  }

  /// Sets a value, above all other layers.
  ///
  /// - Parameters:
  ///   - path: where.
  ///   - value: what; `nil` takes back what was set before.
  ///   - who: who does it, for the audit log.
  /// - Returns: what is another value now.
  /// - Throws: ``ConfigurationErrors``; the configuration is then what it was.
  @discardableResult
  public func set(
    _ path: ConfigurationPath, to value: JSONValue?, by who: String
  ) throws(ConfigurationErrors) -> [ConfigurationDifference] {
    try change(by: who) { state in state.values[path] = value }
  }

  private func change(
    by who: String, _ edit: (inout State) throws(ConfigurationErrors) -> Void
  ) throws(ConfigurationErrors) -> [ConfigurationDifference] {
    while true {
      let before = lock(self) { state }
      var after = before
      do {
        try edit(&after)
        after.current = try remade(after)
      } catch {
        if after.read != before.read { note(after) }
        tell([Announcement(change: .refused(error), who: who)])
        throw error
      }
      let differences = after.current.differences(from: before.current)
      after.version += 1
      let change = differences.isEmpty ? nil : ConfigurationChange.applied(after.current, differences)
      let isDone = lock(self) {
        // Somebody else was faster: what they did must not be lost.
        guard state.version == before.version else { return false }
        state = after
        if let change { announcements.append(Announcement(change: change, who: who)) }
        return true
      }
      guard isDone else { continue }
      tell([])
      return differences
    }
  }

  private func remade(_ state: State) throws(ConfigurationErrors) -> Configuration {
    try make(state.text, state.values)
  }

  /// Remembers what was looked at, so that a mistake is told once.
  private func note(_ other: State) {
    lock(self) { (state.seen, state.read) = (other.seen, other.read) }
  }

  // MARK: The file

  /// Looks at the file, and reads it when it is another one and has come to rest.
  private func look() {
    guard let source else { return }
    let stamp = source.stamp()
    let isDue = lock(self) {
      defer { state.seen = stamp }
      return state.seen == stamp && state.read != stamp
    }
    // What is wrong with it is told to whoever listens.
    if isDue { _ = try? reload() }
  }

  // MARK: Telling

  /// Tells everything that waits, in its order: whoever comes first tells for those who come meanwhile.
  private func tell(_ more: [Announcement]) {
    let isMine = lock(self) {
      for announcement in more { announcements.append(announcement) }
      defer { isAnnouncing = true }
      return !isAnnouncing
    }
    guard isMine else { return }
    while let next = takeAnnouncement() {
      if case .applied(_, let differences) = next.change, let audit {
        do { try audit.append(differences, by: next.who) } catch {
          subject.send(next.change)
          subject.send(.unlogged(differences, "\(error)"))
          continue
        }
      }
      subject.send(next.change)
    }
  }

  private func takeAnnouncement() -> Announcement? {
    lock(self) {
      if announcements.isEmpty { isAnnouncing = false }
      return announcements.popFirst()
    }
  }
}

/// What became of an attempt to change a configuration.
public enum ConfigurationChange: Sendable {
  /// The configuration is another one: these values have changed.
  case applied(Configuration, [ConfigurationDifference])
  /// What was wanted is wrong; the configuration is what it was.
  case refused(ConfigurationErrors)
  /// These values have changed, but the audit log could not be written.
  case unlogged([ConfigurationDifference], String)
}

/// Where the text of a configuration comes from.
struct ConfigurationSource: Sendable {
  let name: String
  let stamp: @Sendable () -> LocalFile.Stamp?
  let bytes: @Sendable () throws -> [UInt8]

  init(
    name: String, stamp: @escaping @Sendable () -> LocalFile.Stamp?,
    bytes: @escaping @Sendable () throws -> [UInt8]
  ) {
    self.name = name
    self.stamp = stamp
    self.bytes = bytes
  }

  init(_ path: String) {
    let file = LocalFile(path)
    self.init(name: path) {
      file.stamp
    } bytes: {
      try file.read(upTo: ConfigurationText.longest)
    }
  }

  func text() throws(ConfigurationErrors) -> ConfigurationText {
    do { return ConfigurationText(name, try bytes()) } catch {
      let reason = (error as? LocalFile.Failure)?.reason ?? "\(error)"
      let origin = ConfigurationOrigin.file(name, line: 1, column: 1, profile: nil)
      throw ConfigurationErrors([
        ConfigurationProblem(.unreadable, at: [], from: origin, "it cannot be read: \(reason)")
      ])
    }
  }
}

extension ConfigurationText {
  /// The text of a file.
  ///
  /// - Throws: ``ConfigurationErrors`` when it cannot be read.
  public init(contentsOf path: String) throws(ConfigurationErrors) {
    self = try ConfigurationSource(path).text()
  }
}
