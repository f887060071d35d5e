// Why a command failed, in one line.
import FlowHTTP
import FlowProviders

/// A failure that is told and understood: what went wrong, and what to do about it.
struct Complaint: Error {
  let line: String

  init(_ text: String, hint: String? = nil) {
    line = (text + (hint.map { ". " + $0 } ?? "")).onOneLine
  }

  /// What a provider failed with.
  init(_ error: any Error, from choice: ProviderChoice) {
    switch error {
    case let error as ProviderError: self.init(error, from: choice)
    case let error as HTTPError: self.init("\(choice.name): \(error)", hint: choice.addressHint)
    case let error as Complaint: self = error
    default: self.init("\(choice.name): \(error)")
    }
  }

  private init(_ error: ProviderError, from choice: ProviderChoice) {
    var text = "\(choice.name): \(error)"
    if !error.emitted.isNothing { text += ", after \(error.emitted.text) bytes of text" }
    self.init(text, hint: Complaint.hint(error, choice))
  }

  private static func hint(_ error: ProviderError, _ choice: ProviderChoice) -> String? {
    switch error.kind {
    case .authentication, .permission:
      if let variable = choice.configured?.keyVariable { return "Is the key in \(variable) right?" }
      return choice.configured?.known.keyVariables.first.map { "Set \($0)." }
    case .modelNotFound: return "Name another model with --model."
    case .notFound: return choice.addressHint
    case .invalidRequest where error.status == 405: return choice.addressHint
    case .transport, .badGateway: return choice.addressHint
    case .timeout(.connect), .timeout(.firstByte): return choice.addressHint
    case .quota: return "The account has nothing left: waiting does not help."
    case .contextTooLong: return "Shorten the prompt, or name a model that takes more with --model."
    default: return nil
    }
  }
}

extension String {
  /// Without line ends and control characters, which belong to no line that a person reads.
  var onOneLine: String {
    split { $0.isNewline }.map { String($0).withoutControls }.joined(separator: " ")
  }

  /// Without what a terminal would obey.
  var withoutControls: String {
    let isHarmless = unicodeScalars.allSatisfy { !$0.isControl }
    if isHarmless { return self }
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars { text.append(scalar.isControl ? "\u{FFFD}" : scalar) }
    return String(text)
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool {
    switch value {
    case 0x09, 0x0A: false
    case 0..<0x20, 0x7F..<0xA0: true
    default: false
    }
  }
}
