// What must never be written down.

/// Which parts of an exchange are secret.
public struct Redaction: Sendable {
  /// Stands for what was left out.
  static let mark = "[redacted]"

  /// Header fields whose values are secret, in lower case.
  public var headers: Set<String> = [
    "authorization", "proxy-authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie", "set-cookie",
    "x-auth-token", "x-amz-security-token", "openai-organization", "openai-project",
  ]
  /// Query parameters whose values are secret, in lower case.
  public var parameters: Set<String> = [
    "key", "api_key", "apikey", "api-key", "token", "access_token", "sig", "signature",
  ]

  public init() {}

  /// The address without user, query and fragment.
  static func bareAddress(_ url: String) -> String {
    let address = url.prefix { $0 != "?" && $0 != "#" }
    guard let scheme = address.firstRange(of: "://") else { return String(address) }
    let rest = address[scheme.upperBound...]
    let host = rest.prefix { $0 != "/" }
    guard let at = host.lastIndex(of: "@") else { return String(address) }
    return String(address[..<scheme.upperBound] + rest[rest.index(after: at)...])
  }
}
