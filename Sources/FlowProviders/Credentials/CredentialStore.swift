// Who keeps keys.

/// Somebody who keeps keys, and hands them out.
///
/// ```swift
/// struct Vault: CredentialStore {
///   func secret(for reference: CredentialReference) async throws -> Secret? {
///     guard reference.scheme == "vault" else { return nil }
///     return Secret(try await client.read(reference.name))
///   }
/// }
/// ```
public protocol CredentialStore: Sendable {
  /// The key that `reference` names; `nil` when this store is not the one who keeps it.
  ///
  /// - Throws: ``CredentialError`` when it should keep it, and has none to give.
  func secret(for reference: CredentialReference) async throws -> Secret?
}

/// Why there is no key. It never holds one, nor what a program has said that should have told it.
public struct CredentialError: Error, Sendable, Hashable {
  public let reference: CredentialReference
  public let reason: String

  public init(_ reference: CredentialReference, _ reason: String) {
    self.reference = reference
    self.reason = reason
  }
}

extension CredentialError: CustomStringConvertible {
  public var description: String { "no key from \(reference): \(reason)" }
}

/// Several stores, asked one after another: the first who keeps a key answers, or says why not.
public struct CredentialChain: CredentialStore {
  private let stores: [any CredentialStore]

  public init(_ stores: [any CredentialStore]) { self.stores = stores }

  /// Those who keep keys as a rule: variables, files, programs, and the keychain where there is one.
  ///
  /// - Parameter variables: the environment, in which programs run too.
  public static func standard(_ variables: [String: String]) -> CredentialChain {
    var stores: [any CredentialStore] = [
      EnvironmentCredentials(variables), FileCredentials(home: variables["HOME"]),
      CommandCredentials(environment: variables),
    ]
    #if canImport(Security)
      stores.append(KeychainCredentials())
    #endif
    return CredentialChain(stores)
  }

  public func secret(for reference: CredentialReference) async throws -> Secret? {
    for store in stores {
      if let secret = try await store.secret(for: reference) { return secret }
    }
    return nil
  }
}

extension CredentialStore {
  /// The key that `reference` names.
  ///
  /// - Throws: ``CredentialError``, also when nobody keeps it.
  public func require(_ reference: CredentialReference) async throws -> Secret {
    guard let secret = try await secret(for: reference) else {
      throw CredentialError(reference, "nobody here keeps such keys")
    }
    return secret
  }
}

/// Keys in the variables of an environment: `env:OPENAI_API_KEY`.
public struct EnvironmentCredentials: CredentialStore {
  private let variables: [String: Secret]

  public init(_ variables: [String: String]) { self.variables = variables.mapValues { Secret($0) } }

  public func secret(for reference: CredentialReference) async throws -> Secret? {
    guard reference.scheme == "env" else { return nil }
    guard let held = variables[reference.name] else { throw CredentialError(reference, "it is not set") }
    return try Secret(held.revealed, for: reference)
  }
}

/// Keys in files of their own: `file:~/.config/flow/openai.key`.
///
/// A file is only read when it belongs to whoever runs the program and nobody else can read it.
public struct FileCredentials: CredentialStore {
  private let home: String?
  /// Longer than anybody's key.
  private static let longest = 64 << 10

  /// - Parameter home: what `~` stands for.
  public init(home: String? = nil) { self.home = home }

  public func secret(for reference: CredentialReference) async throws -> Secret? {
    guard reference.scheme == "file" else { return nil }
    do {
      let bytes = try file(reference).read(upTo: Self.longest, for: .owner)
      return try Secret(String(decoding: bytes, as: UTF8.self), for: reference)
    } catch let failure as LocalFile.Failure {
      throw CredentialError(reference, failure.reason)
    }
  }

  /// Keeps `secret` where `reference` says, in the place of what was there. Whoever reads it meanwhile gets the old one
  /// or the new one.
  public func keep(_ secret: Secret, for reference: CredentialReference) throws {
    do {
      try file(reference).replace(with: Array(secret.revealed.utf8))
    } catch let failure as LocalFile.Failure {
      throw CredentialError(reference, failure.reason)
    }
  }

  private func file(_ reference: CredentialReference) throws -> LocalFile {
    guard reference.name.hasPrefix("~/") else { return LocalFile(reference.name) }
    guard let home else { throw CredentialError(reference, "nobody knows where home is") }
    return LocalFile(home + reference.name.dropFirst())
  }
}

extension Secret {
  /// A key as it was kept: without the line end behind it. What cannot be sent is none.
  init(_ kept: String, for reference: CredentialReference) throws {
    let key = kept.trimmed
    if key.isEmpty { throw CredentialError(reference, "it is empty") }
    guard !key.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F || $0 == "\u{FFFD}" })
    else {
      throw CredentialError(reference, "it is no single line of text")
    }
    self.init(key)
  }
}
