// Keeps keys out of whatever is written.
import FlowProviders

/// Replaces secrets in texts.
struct KeyMask: Sendable {
  private let secrets: [String]
  private let longest: Int

  /// Shorter texts, such as the `none` that some servers want for a key, turn up by chance.
  private static let shortest = 8
  private static let mark = "•••"

  init(_ secrets: [Secret]) {
    let texts = secrets.map(\.revealed).filter { $0.utf8.count >= KeyMask.shortest }
    // In JSON a key may be spelled otherwise.
    let spelled = texts.map { String(JSONValue.string($0).text.dropFirst().dropLast()) }
    self.secrets = Set(texts + spelled).sorted { $0.utf8.count > $1.utf8.count }
    longest = self.secrets.first?.utf8.count ?? 0
  }

  func callAsFunction(_ text: String) -> String {
    if secrets.isEmpty { return text }
    return secrets.reduce(text) { text, secret in
      text.contains(secret) ? text.replacing(secret, with: KeyMask.mark) : text
    }
  }

  /// How many bytes at the end of `text` may be the beginning of a secret.
  fileprivate func open(_ text: String) -> Int {
    if secrets.isEmpty { return 0 }
    let tail = Array(text.utf8.suffix(longest - 1))
    for count in stride(from: tail.count, to: 0, by: -1) {
      let end = tail.suffix(count)
      if secrets.contains(where: { $0.utf8.count > count && $0.utf8.starts(with: end) }) { return count }
    }
    return 0
  }
}

/// Masks a text that comes in pieces: what may be the beginning of a secret waits for the next piece.
struct MaskedText: Sendable {
  private let mask: KeyMask
  private var held = ""

  init(_ mask: KeyMask) { self.mask = mask }

  mutating func add(_ piece: String) -> String {
    let text = mask(held + piece)
    let open = mask.open(text)
    held = String(decoding: text.utf8.suffix(open), as: UTF8.self)
    return open == 0 ? text : String(decoding: text.utf8.dropLast(open), as: UTF8.self)
  }

  mutating func finish() -> String {
    defer { held = "" }
    return held
  }
}
