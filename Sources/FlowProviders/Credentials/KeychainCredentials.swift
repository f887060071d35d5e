// Keys in the keychain of an Apple system.
#if canImport(Security)
  import Foundation
  import Security

  /// Keys in the keychain: `keychain:SERVICE/ACCOUNT`, a generic password. Without an account the first of the service.
  public struct KeychainCredentials: CredentialStore {
    public init() {}

    public func secret(for reference: CredentialReference) async throws -> Secret? {
      guard reference.scheme == "keychain" else { return nil }
      let parts = reference.name.split(separator: "/", maxSplits: 1).map(String.init)
      guard let service = parts.first else { throw CredentialError(reference, "it names no service") }
      var query: [CFString: Any] = [
        kSecClass: kSecClassGenericPassword, kSecAttrService: service, kSecReturnData: true,
        kSecMatchLimit: kSecMatchLimitOne,
      ]
      if parts.count > 1 { query[kSecAttrAccount] = parts[1] }
      var found: CFTypeRef?
      let status = SecItemCopyMatching(query as CFDictionary, &found)
      guard status == errSecSuccess, let data = found as? Data else {
        let reason = SecCopyErrorMessageString(status, nil) as String? ?? "error \(status)"
        throw CredentialError(reference, reason)
      }
      return try Secret(String(decoding: data, as: UTF8.self), for: reference)
    }
  }
#endif
