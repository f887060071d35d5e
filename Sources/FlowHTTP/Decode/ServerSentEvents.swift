// Server-sent events out of bytes, as https://html.spec.whatwg.org/multipage/server-sent-events.html has it.
import Flows

/// Decodes server-sent events. It differs from the standard in three things: comments and lines that are no field
/// are reported, and an event that the end of the bytes cut off is delivered, marked as incomplete.
public struct ServerSentEventDecoder: ByteDecoder {
  private var cutter: LineCutter
  private let limit: Int
  private var isFinished = false

  // The event that has begun.
  private var data: Bytes?
  /// The lines of data when there are several.
  private var joined: [UInt8] = []
  private var type = Bytes()
  private var lastEventID = Bytes()

  /// - Parameter limit: the most bytes of a line, and of the data of an event, at least 1; anything else traps.
  public init(atMost limit: Int = .longestLine) {
    cutter = LineCutter(endingWith: .any, limit: limit)
    self.limit = limit
  }

  public mutating func append(_ bytes: Bytes) { cutter.append(bytes) }

  public mutating func finish() { isFinished = true }

  public mutating func next() throws(LineTooLong) -> ServerSentEvent? {
    while true {
      if data == nil, let data = cutter.takeLoneData() {
        return .message(message(of: data, isComplete: true))
      }
      guard let line = try cutter.next() else { break }
      if line.isEmpty {
        if let message = takeMessage(isComplete: true) { return .message(message) }
      } else if let event = try read(line) {
        return event
      }
    }
    guard isFinished else { return nil }
    if let line = cutter.rest(), let event = try read(line) { return event }
    return takeMessage(isComplete: false).map { .message($0) }
  }

  /// Reads a line that is not empty.
  private mutating func read(_ line: Range<Int>) throws(LineTooLong) -> ServerSentEvent? {
    let (field, start) = cutter.withUnsafeBytes(of: line, Field.parse)
    let value = line.lowerBound &+ start..<line.upperBound
    switch field {
    case .data:
      if data == nil { data = cutter[value] } else { try join(cutter[value]) }
    case .event: type = cutter[value]
    case .id:
      let id = cutter[value]
      if id.firstIndex(of: 0) == nil { lastEventID = id }
    case .retry: return cutter[value].decimal.map { .retry(.milliseconds($0)) }
    case .comment: return .comment(cutter[value])
    case .stray: return .stray(cutter[value])
    }
    return nil
  }

  private mutating func join(_ line: Bytes) throws(LineTooLong) {
    if joined.isEmpty, let data { joined += data }
    if joined.count + 1 + line.count > limit { throw LineTooLong(limit: limit) }
    joined.append(.lineFeed)
    joined += line
  }

  private mutating func takeMessage(isComplete: Bool) -> ServerSentEvent.Message? {
    guard var data = data.take() else {
      type = Bytes()
      return nil
    }
    if !joined.isEmpty {
      data = Bytes(joined)
      joined = []
    }
    return message(of: data, isComplete: isComplete)
  }

  private mutating func message(of data: Bytes, isComplete: Bool) -> ServerSentEvent.Message {
    defer { if !type.isEmpty { type = Bytes() } }
    return ServerSentEvent.Message(data: data, type: type, lastEventID: lastEventID, isComplete: isComplete)
  }
}

private enum Field {
  case data, event, id, retry, comment, stray

  /// Which field a line is, and where its value begins: after the colon and the one space that may follow it.
  @inline(__always)
  static func parse(_ line: UnsafeRawBufferPointer) -> (Field, valueStart: Int) {
    let field: Field
    let length: Int
    switch line[0] {
    case UInt8(ascii: ":"): (field, length) = (.comment, 0)
    case UInt8(ascii: "d"): (field, length) = (.data, 4)
    case UInt8(ascii: "e"): (field, length) = (.event, 5)
    case UInt8(ascii: "i"): (field, length) = (.id, 2)
    case UInt8(ascii: "r"): (field, length) = (.retry, 5)
    default: return (.stray, 0)
    }
    guard field.isNamed(at: line, length) else { return (.stray, 0) }
    if line.count == length { return (field, length) }
    guard line[length] == .colon else { return (.stray, 0) }
    return (field, line.count > length + 1 && line[length + 1] == .space ? length + 2 : length + 1)
  }

  private func isNamed(at line: UnsafeRawBufferPointer, _ length: Int) -> Bool {
    if line.count < length { return false }
    switch self {
    case .data:
      return line[1] == UInt8(ascii: "a") && line[2] == UInt8(ascii: "t") && line[3] == UInt8(ascii: "a")
    case .event: return line[1..<5].elementsEqual("vent".utf8)
    case .id: return line[1] == UInt8(ascii: "d")
    case .retry: return line[1..<5].elementsEqual("etry".utf8)
    case .comment, .stray: return true
    }
  }
}

extension Bytes {
  /// The number that ASCII digits, and nothing else, spell.
  fileprivate var decimal: Int64? {
    var number: Int64 = 0
    for byte in self {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      let (tens, isTooMuch) = number.multipliedReportingOverflow(by: 10)
      let (sum, overflows) = tens.addingReportingOverflow(Int64(byte - 0x30))
      if isTooMuch || overflows { return nil }
      number = sum
    }
    return isEmpty ? nil : number
  }
}

extension Flow where Element == Bytes {
  /// Delivers the server-sent events that the bytes spell.
  ///
  ///     bytes             -A-B-|
  ///     serverSentEvents  -a-b-|
  ///
  /// with `"data: 1\n\nda"` for A and `"ta: 2\n\n"` for B: the events are 1 and 2.
  /// **Demand.** Bytes are asked for one chunk at a time, and only when no event is left of the chunk before.
  /// **Completion.** An event that the end of the bytes cut off is delivered, marked as incomplete.
  /// **Failure.** A line, or the data of an event, of more than `limit` bytes fails the flow with ``LineTooLong``.
  ///
  /// - Parameter limit: the most bytes of a line, and of the data of an event, at least 1; anything else traps.
  public func serverSentEvents(atMost limit: Int = .longestLine) -> Flow<ServerSentEvent> {
    decoded(by: ServerSentEventDecoder(atMost: limit))
  }
}
