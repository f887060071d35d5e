// Keeps the secrets of a request out of what is told about its response.

/// Overwrites, in a text, what is secret in a request: servers like to repeat a key that they refuse.
package struct SecretMask: Sendable {
  private let secrets: [Bytes]

  package init(_ request: HTTPRequest) { secrets = Redaction().secrets(of: request) }

  package func callAsFunction(_ text: String) -> String {
    secrets.isEmpty ? text : String(self(Bytes(text)))
  }

  package func callAsFunction(_ bytes: Bytes) -> Bytes {
    secrets.reduce(bytes) { $0.overwriting($1) }
  }
}
