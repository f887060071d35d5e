// Keys that a program tells.
import Flows

/// Keys from the standard output of a program: `command:pass show openai`.
///
/// No shell is asked: the words are the program and its arguments, with quotes around those that hold spaces. What the
/// program writes to its standard error goes nowhere. It gets so much time, and no more; then it is killed, with all
/// that it has started.
public struct CommandCredentials: CredentialStore {
  private let environment: [String: Secret]
  private let timeout: Duration
  /// Longer than anybody's key.
  private static let longest = 64 << 10

  /// - Parameters:
  ///   - environment: what programs get to see of it.
  ///   - timeout: real time; zero or less traps.
  public init(environment: [String: String], timeout: Duration = .seconds(10)) {
    precondition(timeout > .zero, "CommandCredentials(timeout: \(timeout)): no program answers in no time")
    self.environment = environment.mapValues { Secret($0) }
    self.timeout = timeout
  }

  public func secret(for reference: CredentialReference) async throws -> Secret? {
    guard reference.scheme == "command" else { return nil }
    guard let words = Self.words(reference.name), let program = words.first, !program.isEmpty else {
      throw CredentialError(reference, "it is no command: a quote has no other")
    }
    let variables = environment.map { "\($0)=\($1.revealed)" }
    let end = await Subprocess(words, variables, timeout: timeout, longest: Self.longest).run()
    switch end {
    case .said(let bytes): return try Secret(String(decoding: bytes, as: UTF8.self), for: reference)
    case .failed(let reason): throw CredentialError(reference, reason)
    case .cancelled: throw CancellationError()
    }
  }

  /// The words of a command: between spaces, or between quotes. A backslash takes what is special from what follows,
  /// but not between single quotes. `nil` when a quote is not closed.
  static func words(_ text: String) -> [String]? {
    var (words, word) = ([String](), String?.none)
    var quote: Character?
    var rest = text[...]
    while let character = rest.popFirst() {
      switch (character, quote) {
      case ("\\", nil), ("\\", "\""):
        guard let next = rest.popFirst() else { return nil }
        word = (word ?? "") + String(next)
      case ("'", nil), ("\"", nil):
        quote = character
        word = word ?? ""
      case (quote, _?): quote = nil
      case (" ", nil):
        if let word { words.append(word) }
        word = nil
      default: word = (word ?? "") + String(character)
      }
    }
    if let word { words.append(word) }
    return quote == nil ? words : nil
  }
}
