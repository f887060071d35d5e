// What a wire protocol makes of its frames.

/// The part of a decoder that differs between protocols: a value that is shown one JSON frame after another
/// and tells an ``Assembler`` what it means.
///
/// It need not care for anything that all protocols share: broken JSON, frames that are errors, comments,
/// end marks, bytes after the end.
protocol WireReader: Sendable {
  /// Who reads instead, when the first frame shows that the server answers in another protocol than it was asked
  /// in: gateways, and servers that speak several.
  func other(for json: JSONCursor) -> (any WireReader)?

  /// One frame. An error frame never gets here.
  mutating func read(_ json: JSONCursor, named name: FrameName, _ answer: inout Assembler)

  /// The end mark `[DONE]`.
  mutating func readEndMark(_ answer: inout Assembler)

  /// The bytes are at an end, and the run is not: end it when the payload has said that it is complete,
  /// truncate it otherwise.
  mutating func readEnd(_ answer: inout Assembler)

  /// The payload has said that the answer is complete; only the end of the bytes is missing.
  func isComplete(_ answer: Assembler) -> Bool
}

extension WireReader {
  func other(for json: JSONCursor) -> (any WireReader)? { nil }

  func isComplete(_ answer: Assembler) -> Bool { answer.hasFinished }

  mutating func readEndMark(_ answer: inout Assembler) { readEnd(&answer) }

  mutating func readEnd(_ answer: inout Assembler) {
    if answer.hasFinished {
      answer.warn(.missingEndMark, "the stream ended after its finish, without its end mark")
      answer.end()
    } else {
      answer.truncate()
    }
  }
}

/// The name of a frame, where it stands in memory; empty when it has none.
struct FrameName {
  let bytes: UnsafeBufferPointer<UInt8>

  static var none: FrameName { FrameName(bytes: UnsafeBufferPointer(start: nil, count: 0)) }

  static func == (name: FrameName, word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard name.bytes.count == count else { return false }
    for offset in 0..<count where name.bytes[offset] != word.utf8Start[offset] { return false }
    return true
  }

  var string: String { String(decoding: bytes, as: UTF8.self) }
}

/// How a frame came.
enum FrameForm {
  /// Closed, as its framing wants it.
  case whole
  /// The bytes ended before the frame was closed: what does not parse was cut off.
  case unclosed
  /// The last line, which need not be closed; what does not parse was cut off.
  case last
  /// An object without any framing, or a line of its own.
  case bare

  var mayBeCut: Bool { self == .unclosed || self == .last }
}

/// How strictly frames are taken.
public enum FrameTolerance: Sendable, Hashable {
  /// The first frame that is not JSON fails the answer.
  case strict
  /// So many frames that are not JSON are left out with a warning; one more fails the answer.
  case lenient(upTo: Int)
}

/// Reads frames of one protocol: what all protocols share stands here.
struct FrameReader: Sendable {
  var wire: any WireReader
  let tolerance: FrameTolerance
  var answer = Assembler()
  private var tape = JSONTape()
  private var malformed = 0
  /// What a bare object says that no reader knows: most likely why there is no answer.
  private var reproach: ProviderError?

  init(_ wire: any WireReader, tolerance: FrameTolerance) {
    self.wire = wire
    self.tolerance = tolerance
  }

  mutating func read(_ data: UnsafeRawBufferPointer, named name: FrameName, _ form: FrameForm = .whole) {
    if answer.isEnded { return }
    let data = FrameReader.trimmed(data)
    guard let first = data.first else { return }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
      if FrameReader.isEndMark(data) { return wire.readEndMark(&answer) }
      read(json: data, name, form)
    } else if form != .unclosed {
      read(text: data, name)
    }
  }

  mutating func readHeartbeat() { answer.emit(.heartbeat) }

  mutating func readEnd() {
    if answer.isEnded { return }
    if let reproach, answer.emitted.isNothing, !wire.isComplete(answer) { return answer.fail(reproach) }
    wire.readEnd(&answer)
  }

  private mutating func read(json data: UnsafeRawBufferPointer, _ name: FrameName, _ form: FrameForm) {
    // Moved out and back: the closure changes what stands beside it.
    var tape = JSONTape()
    swap(&tape, &self.tape)
    defer { swap(&tape, &self.tape) }
    do {
      try tape.read(data, surrogates: .replaced) { json in
        if form == .unclosed {
          answer.warn(.unterminatedEvent, "the last event was not closed by an empty line")
        }
        if let error = FrameReader.error(in: json, name) {
          answer.fail(error)
        } else if json.isArray {
          for element in json.elements where element.isObject {
            if let error = FrameReader.error(in: element, name) { answer.fail(error) }
            read(element, name)
          }
        } else {
          read(json, name)
          if form == .bare || form == .last { noteReproach(json) }
        }
      }
    } catch {
      let error = error as? JSONError
      if form.mayBeCut, error?.reason == .endOfText { return }
      readMalformed(data, error)
    }
  }

  private mutating func read(_ json: JSONCursor, _ name: FrameName) {
    if !answer.isStarted, let other = wire.other(for: json) { wire = other }
    wire.read(json, named: name, &answer)
  }

  private mutating func noteReproach(_ json: JSONCursor) {
    guard reproach == nil, !answer.isEnded, answer.emitted.isNothing, let body = ErrorBody(json.value),
      body.message != nil
    else { return }
    reproach = ProviderError(body, snippet: Array(json.bytes))
  }

  private mutating func readMalformed(_ data: UnsafeRawBufferPointer, _ error: JSONError?) {
    malformed += 1
    let reason = error.map { "\($0)" } ?? "malformed"
    if case .lenient(let limit) = tolerance, malformed <= limit {
      return answer.warn(.malformedFrame, "a frame is not JSON: \(reason)")
    }
    answer.fail(
      ProviderError(
        .protocolViolation, "a frame is not JSON: \(reason)", bodySnippet: ErrorText.snippet(Array(data))))
  }

  /// Text where JSON belongs: a server that cannot say it better.
  private mutating func read(text data: UnsafeRawBufferPointer, _ name: FrameName) {
    let text = ErrorText.snippet(Array(data))
    switch text.lowercased() {
    case "ping", "keepalive", "keep-alive", "heartbeat": return readHeartbeat()
    case "null", "\"\"": return
    default: break
    }
    if ErrorText.looksLikePage(Array(data.prefix(64))) {
      return answer.fail(ProviderError(unstructured: Array(data), status: 200))
    }
    let kind = ErrorBody(.string(text))?.kind(status: nil) ?? .other
    answer.fail(ProviderError(kind == .other ? .serverError : kind, text, bodySnippet: text))
  }

  /// The error that a frame is, if it is one.
  static func error(in json: JSONCursor, _ name: FrameName) -> ProviderError? {
    var isError = name == "error"
    var error: JSONCursor?
    var inner: JSONCursor?
    // One walk: this is asked of every frame.
    for (key, value) in json.members {
      if key.equals("error") {
        error = value
        if value.isError { isError = true }
      } else if key.equals("type") || key.equals("object") {
        if value.equals("error") { isError = true }
      } else if key.equals("x_groq") {
        if value["error"]?.isError == true { inner = value }
      } else if key.equals("base_resp") {
        if let code = value["status_code"]?.int, code != 0 { inner = value }
      } else if key.equals("error_code") {
        if let code = value.int, code != 0 { isError = true }
      }
    }
    guard isError || inner != nil else { return nil }
    let value = error?.isError == true ? json.value : (inner ?? json).value
    if let body = ErrorBody(value) { return ProviderError(body, snippet: Array(json.bytes)) }
    return ProviderError(
      .serverError, "an error without a word", bodySnippet: ErrorText.snippet(Array(json.bytes)))
  }

  private static func isEndMark(_ data: UnsafeRawBufferPointer) -> Bool {
    let mark: StaticString = "[DONE]"
    guard data.count >= mark.utf8CodeUnitCount else { return false }
    for offset in 0..<mark.utf8CodeUnitCount where data[offset] != mark.utf8Start[offset] { return false }
    return true
  }

  /// Without the space in front, and without the field's name that some proxies put there once more.
  private static func trimmed(_ data: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var start = 0
    while start < data.count, data[start] <= 0x20 { start &+= 1 }
    let rest = start == 0 ? data : UnsafeRawBufferPointer(rebasing: data[start...])
    guard rest.first == UInt8(ascii: "d"), rest.starts(with: "data:".utf8) else { return rest }
    return trimmed(UnsafeRawBufferPointer(rebasing: rest[5...]))
  }
}

extension JSONCursor {
  /// Says that something went wrong: an object or a text that is not empty.
  fileprivate var isError: Bool {
    switch kind {
    case .object: !isEmpty
    case .string: nonempty != nil
    case .array: elements.contains { $0.isError }
    case .true: true
    default: false
    }
  }
}
