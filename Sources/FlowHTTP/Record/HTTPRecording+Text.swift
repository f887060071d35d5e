// Recordings as text.

extension HTTPRecording {
  /// The recording as text. Each thing that happened is a line:
  ///
  ///     flow-recording 1
  ///     request POST https://example.com/v1/chat/completions
  ///     header Authorization: [redacted]
  ///     body {"model":"small","stream":true}
  ///     81.203 status 200
  ///     header Content-Type: text/event-stream
  ///     95.310 data data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n
  ///     99.871 end
  ///
  /// A number is how many milliseconds after the request something came. `header` and `body` belong to the
  /// `request` or `status` before them; one `data` is one piece, cut as it arrived. In texts `\\`, `\n`, `\r`, `\t`
  /// stand for what they stand for in Swift, and `\xHH` for any byte, so that pieces may be cut within a letter.
  /// Lines that are blank or begin with `#` mean nothing. Instead of `end` there may be `left`, when the consumer
  /// left, or `failed` with a word and a text, as in `failed closed connection reset`.
  public var text: Bytes {
    var lines: [UInt8] = Array("flow-recording 1\n".utf8)
    for exchange in exchanges { lines += exchange.text }
    return Bytes(lines)
  }

  /// Reads a recording.
  ///
  /// - Throws: ``HTTPRecordingError``, which names the line that is wrong.
  public init(reading text: Bytes) throws(HTTPRecordingError) {
    exchanges = []
    var decoder = LineDecoder(atMost: .max)
    decoder.append(text)
    decoder.finish()
    var number = 0
    while let line = RecordingLine(next: &decoder) {
      number += 1
      guard read(line, number) else { throw HTTPRecordingError(line: number) }
    }
    if number == 0 { throw HTTPRecordingError(line: 1) }
  }

  /// False when the line makes no sense.
  private mutating func read(_ line: RecordingLine, _ number: Int) -> Bool {
    if number == 1 { return line.word == "flow-recording" && line.rest == "1" }
    if line.isComment { return true }
    if line.word == "request" {
      let (method, url) = line.rest.splitAtSpace
      guard !method.isEmpty, !url.isEmpty else { return false }
      exchanges.append(Exchange(HTTPRequest(String(method), String(url)), []))
      return true
    }
    guard let last = exchanges.indices.last else { return false }
    return exchanges[last].read(line)
  }
}

extension HTTPRecording.Exchange {
  /// The lines of this exchange, as ``HTTPRecording/text`` has them: to be added to a file.
  public var text: Bytes {
    var lines: [UInt8] = []
    func add(_ words: String, _ bytes: Bytes? = nil) {
      lines += words.utf8
      if let bytes { lines += bytes.escaped }
      lines.append(.lineFeed)
    }
    func add(_ headers: HTTPHeaders) {
      for field in headers { add("header \(field.name): ", Bytes(field.value)) }
    }
    add("request \(request.method) ", Bytes(request.url))
    add(request.headers)
    if !request.body.isEmpty { add("body ", request.body) }
    for event in events {
      let time = event.offset.inMilliseconds
      switch event.what {
      case .head(let head):
        add("\(time) status \(head.status)")
        add(head.headers)
      case .body(let bytes): add("\(time) data ", bytes)
      case .end(.finished): add("\(time) end")
      case .end(.left): add("\(time) left")
      case .end(.failed(let error)): add("\(time) failed \(error.words.0) ", Bytes(error.words.1))
      }
    }
    return Bytes(lines)
  }

  fileprivate mutating func read(_ line: RecordingLine) -> Bool {
    switch line.word {
    case "header":
      guard let field = HTTPHeaders.Field(line: line.text) else { return false }
      guard case .head(var head) = events.last?.what else {
        if events.isEmpty { request.headers.add(field.name, field.value) }
        return events.isEmpty
      }
      head.headers.add(field.name, field.value)
      events[events.count - 1].what = .head(head)
      return true
    case "body":
      guard events.isEmpty, let body = Bytes(unescaping: line.rest) else { return false }
      request.body = body
      return true
    default:
      guard let offset = Duration(milliseconds: line.word), let what = HTTPRecording.Event.What(line.rest)
      else { return false }
      events.append(HTTPRecording.Event(after: offset, what))
      return true
    }
  }
}

/// A line of a recording: its first word, and what follows the space behind it.
private struct RecordingLine {
  let word: String
  let rest: Substring

  init?(next decoder: inout LineDecoder) {
    guard let line = try? decoder.next() else { return nil }
    // Whatever is no UTF-8 is escaped.
    let (word, rest) = String(line.bytes)[...].splitAtSpace
    self.word = String(word)
    self.rest = rest
  }

  var isComment: Bool { word.hasPrefix("#") || (word.isEmpty && rest.isEmpty) }
  /// The rest, unescaped, as text.
  var text: String? { Bytes(unescaping: rest).map { String($0) } }
}

/// A recording cannot be read.
public struct HTTPRecordingError: Error, Hashable, CustomStringConvertible {
  /// The number of the line that makes no sense, from 1.
  public let line: Int
  public var description: String { "line \(line) makes no sense in a recording" }
}

extension HTTPRecording.Event.What {
  fileprivate init?(_ text: Substring) {
    let (word, rest) = text.splitAtSpace
    switch word {
    case "status":
      guard let status = Int(rest) else { return nil }
      self = .head(HTTPHead(status: status))
    case "data":
      guard let bytes = Bytes(unescaping: rest) else { return nil }
      self = .body(bytes)
    case "end": self = .end(.finished)
    case "left": self = .end(.left)
    case "failed":
      guard let error = HTTPError(words: rest) else { return nil }
      self = .end(.failed(error))
    default: return nil
    }
  }
}

extension HTTPError {
  /// The kind in a word, and the text that belongs to it.
  fileprivate var words: (String, String) {
    switch self {
    case .invalidRequest(let why): ("invalid-request", why)
    case .connect(let why): ("connect", why)
    case .tls(let why): ("tls", why)
    case .timeout(let phase, let limit): ("timeout", "\(phase.rawValue) \(limit.inMilliseconds)")
    case .closed(let why): ("closed", why)
    case .protocolViolation(let why): ("protocol-violation", why)
    case .tooLarge(let limit): ("too-large", "\(limit)")
    case .transport(let why): ("transport", why)
    }
  }

  fileprivate init?(words: Substring) {
    let (kind, escaped) = words.splitAtSpace
    guard let why = Bytes(unescaping: escaped).map({ String($0) }) else { return nil }
    switch kind {
    case "invalid-request": self = .invalidRequest(why)
    case "connect": self = .connect(why)
    case "tls": self = .tls(why)
    case "closed": self = .closed(why)
    case "protocol-violation": self = .protocolViolation(why)
    case "transport": self = .transport(why)
    case "too-large":
      guard let limit = Int(why) else { return nil }
      self = .tooLarge(limit: limit)
    case "timeout":
      let (phase, limit) = why[...].splitAtSpace
      guard let phase = HTTPPhase(rawValue: String(phase)), let limit = Duration(milliseconds: String(limit))
      else { return nil }
      self = .timeout(phase, after: limit)
    default: return nil
    }
  }
}

extension HTTPHeaders.Field {
  fileprivate init?(line: String?) {
    guard let line, let colon = line.firstIndex(of: ":") else { return nil }
    let value = line[colon...].dropFirst()
    self.init(String(line[..<colon]), String(value.first == " " ? value.dropFirst() : value))
  }
}

extension Substring {
  /// What stands before the first space, and what after it.
  fileprivate var splitAtSpace: (Substring, Substring) {
    guard let space = firstIndex(of: " ") else { return (self, "") }
    return (self[..<space], self[index(after: space)...])
  }
}

extension Duration {
  /// In milliseconds, with three digits behind the point.
  fileprivate var inMilliseconds: String {
    let (seconds, attoseconds) = components
    let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    let rest = String(microseconds % 1000)
    return "\(microseconds / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
  }

  fileprivate init?(milliseconds text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = Int64(parts[0]), whole >= 0, whole < 1 << 50 else { return nil }
    let digits = parts.count == 2 ? parts[1] : "0"
    guard (1...3).contains(digits.count), let part = Int64(digits), part >= 0 else { return nil }
    let scale = digits.count == 1 ? 100 : digits.count == 2 ? 10 : 1
    self = .microseconds(whole * 1000 + part * Int64(scale))
  }
}
