// Cuts bytes into the frames of a server-sent event stream.

/// What a framing finds in the bytes.
enum FoundFrame {
  case event(name: FrameName, data: UnsafeRawBufferPointer, isWhole: Bool)
  /// A comment, which servers send to keep the connection alive.
  case comment
  /// A line that belongs to no event, without its end.
  case stray(UnsafeRawBufferPointer)
}

/// Server-sent events as the WHATWG wants them read, with two exceptions: an event that is not closed by an empty
/// line at the end is delivered, marked; and lines that are no field are handed over instead of dropped, because
/// some servers break off an event stream with a bare JSON error.
struct EventFramer: Sendable {
  private var lines = LineSplitter()
  private var fields = EventFields()

  init() {}

  mutating func feed(_ bytes: UnsafeRawBufferPointer, _ body: (FoundFrame) -> Void) throws {
    try lines.feed(bytes) { try fields.read(line: $0, body) }
  }

  mutating func finish(_ body: (FoundFrame) -> Void) throws {
    try lines.finish { try fields.read(line: $0, body) }
    fields.deliver(isWhole: false, body)
  }
}

/// The fields of the event that has begun.
struct EventFields: Sendable {
  private var name: [UInt8] = []
  private var data: [UInt8] = []
  private var hasData = false

  init() {}

  mutating func read(line: UnsafeRawBufferPointer, _ body: (FoundFrame) -> Void) throws {
    guard let first = line.first else { return deliver(isWhole: true, body) }
    if first == UInt8(ascii: ":") { return body(.comment) }
    var colon = 0
    while colon < line.count, line[colon] != UInt8(ascii: ":") { colon &+= 1 }
    let field = FrameName(bytes: UnsafeRawBufferPointer(rebasing: line[..<colon]).bindMemory(to: UInt8.self))
    var value = UnsafeRawBufferPointer(rebasing: line[min(colon + 1, line.count)...])
    if value.first == UInt8(ascii: " ") { value = UnsafeRawBufferPointer(rebasing: value[1...]) }
    if field == "data" {
      if hasData { data.append(0x0A) }
      hasData = true
      if data.count + value.count > LineSplitter.limit { throw LineTooLong() }
      data.append(contentsOf: value)
    } else if field == "event" {
      name.removeAll(keepingCapacity: true)
      name.append(contentsOf: value)
    } else if !(field == "id" || field == "retry") {
      body(.stray(line))
    }
  }

  mutating func deliver(isWhole: Bool, _ body: (FoundFrame) -> Void) {
    if hasData {
      name.withUnsafeBufferPointer { name in
        data.withUnsafeBytes { body(.event(name: FrameName(bytes: name), data: $0, isWhole: isWhole)) }
      }
    }
    hasData = false
    data.removeAll(keepingCapacity: data.count < 1 << 16)
    name.removeAll(keepingCapacity: true)
  }
}
