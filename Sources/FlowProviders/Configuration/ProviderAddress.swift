// Where a server is, as people write it.

/// The address of a server, put right: with a scheme, without a slash at its end, without query and fragment.
///
/// A person may write `localhost:1234`, `https://example.com/v1/`, or what a server listens on, `0.0.0.0`.
public struct ProviderAddress: Sendable, Hashable {
  /// The address. It may hold a password: show ``shown`` instead.
  public let url: String
  /// The address without user and password.
  public let shown: String
  /// The server is this machine.
  public let isLocal: Bool

  /// - Parameters:
  ///   - text: with or without a scheme. Without one it is `http` for this machine and for an address with a port,
  ///     `https` for all others.
  ///   - port: the port of an address that has neither a scheme nor a port of its own.
  /// - Returns: `nil` when the text is no address of a server.
  public init?(_ text: String, port: Int? = nil) {
    let text = text.trimmed
    guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else { return nil }
    let (scheme, rest) = ProviderAddress.split(text)
    if let scheme, scheme != "http", scheme != "https" { return nil }
    let authority = rest.prefix { !"/?#".contains($0) }
    let path = rest[authority.endIndex...].prefix { !"?#".contains($0) }.withoutSlash
    let user = authority.lastIndex(of: "@").map { authority[...$0] } ?? ""
    guard var place = HostAndPort(authority.dropFirst(user.count)) else { return nil }
    // What a server listens on is every address of its machine; one of them is enough to reach it.
    if ["", "0.0.0.0", "[::]"].contains(place.host) { place.host = "127.0.0.1" }
    isLocal = place.host == "localhost" || place.host == "[::1]" || place.host.hasPrefix("127.")
    let isPlain = scheme == "http" || scheme == nil && (isLocal || port != nil || place.port != nil)
    if scheme == nil, place.port == nil { place.port = port }
    let host = place.host + (place.port.map { ":\($0)" } ?? "") + path
    shown = (isPlain ? "http://" : "https://") + host
    url = (isPlain ? "http://" : "https://") + user + host
  }

  private static func split(_ text: String) -> (scheme: String?, rest: Substring) {
    guard let mark = text.firstRange(of: "://") else { return (nil, text[...]) }
    return (text[..<mark.lowerBound].lowercased(), text[mark.upperBound...])
  }
}

/// `host`, `host:port`, `[::1]:port` or `:port`.
private struct HostAndPort {
  var host: String
  var port: Int?

  init?(_ text: Substring) {
    let end =
      text.hasPrefix("[") ? text.firstIndex(of: "]").map(text.index(after:)) : text.firstIndex(of: ":")
    host = String(text[..<(end ?? text.endIndex)])
    let rest = text[(end ?? text.endIndex)...]
    if host.hasPrefix("["), !host.hasSuffix("]") { return nil }
    if rest.isEmpty, !host.isEmpty { return }
    guard rest.first == ":", let port = Int(rest.dropFirst()), 1...65535 ~= port else { return nil }
    self.port = port
  }
}

extension Substring {
  fileprivate var withoutSlash: Substring {
    var rest = self
    while rest.last == "/" { rest.removeLast() }
    return rest
  }
}

extension String {
  /// Without space at both ends.
  var trimmed: String {
    var rest = self[...]
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return String(rest)
  }
}
