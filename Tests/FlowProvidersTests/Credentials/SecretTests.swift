// A secret does not tell itself.
import FlowProviders
import Foundation
import Testing

@Suite struct SecretTests {
  private let word = "sk-canary-0123456789"
  private var secret: Secret { Secret(word) }

  private struct Holder {
    var name = "holder"
    var secret: Secret
    var maybe: Secret?
    var list: [Secret]
    var table: [String: Secret]
    var pair: (Int, Secret)
  }

  private enum Failure: Error { case with(Secret) }

  private struct Wrong: LocalizedError {
    let secret: Secret
    var errorDescription: String? { "wrong: \(secret)" }
  }

  private func dumped(_ value: Any) -> String {
    var text = ""
    dump(value, to: &text)
    return text
  }

  @Test func `in no way of printing`() {
    let holder = Holder(
      secret: secret, maybe: secret, list: [secret], table: ["a": secret], pair: (1, secret))
    let failure = Failure.with(secret)
    var printed = ""
    print(secret, holder, failure, [secret], to: &printed)
    debugPrint(secret, holder, failure, [secret], to: &printed)
    let texts = [
      printed, "\(secret)", String(describing: secret), String(reflecting: secret), "\(holder)",
      String(reflecting: holder), "\(failure)", String(reflecting: failure), dumped(secret), dumped(holder),
      dumped(failure), "\(Mirror(reflecting: secret).children.map { "\($0)" })",
      String(describing: Optional(secret)), "\([secret: secret])", "\(Set([secret]))", "\((1, secret))",
      "\(secret.customMirror)", dumped(Mirror(reflecting: secret)),
      Wrong(secret: secret).localizedDescription, "\(Result<Secret, Failure>.failure(failure))",
      failure.localizedDescription, (failure as NSError).description,
      "\((Wrong(secret: secret) as NSError).userInfo)",
    ]
    for text in texts { #expect(!text.contains("canary") && !text.contains("0123"), "\(text)") }
    #expect("\(secret)" == "•••")
    #expect(Mirror(reflecting: secret).children.isEmpty)
  }

  @Test func `it cannot be encoded, decoded, or turned into text and back`() {
    let value: Any = secret
    #expect(!(value is any Encodable))
    #expect(!(value is any Decodable))
    #expect(!(value is any LosslessStringConvertible))
    #expect(!(value is any RawRepresentable))
    #expect(!JSONSerialization.isValidJSONObject([value]))
  }

  @Test func `errors and settings that have to do with keys hold none`() async throws {
    let reference = CredentialReference(scheme: "command", name: "show \(word)")
    let error = CredentialError(reference, "why")
    for text in ["\(error)", dumped(reference), String(reflecting: reference), "\(reference)"] {
      #expect(!text.contains("canary"), "\(text)")
    }
    let stores: [Any] = [
      EnvironmentCredentials(["K": word]), CommandCredentials(environment: ["K": word]),
      CredentialChain.standard(["K": word]),
    ]
    for store in stores {
      #expect(!dumped(store).contains("canary"))
      #expect(!"\(store)".contains("canary"))
    }
  }

  @Test func `whoever needs it gets it, and equal secrets are equal`() {
    #expect(secret.revealed == word)
    #expect(secret == Secret(word))
    #expect(secret != Secret("x"))
  }
}
