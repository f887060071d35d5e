// An answer as bytes, for where it must outlive the process.

extension CachedAnswer {
  /// A line that says what follows, and a line of JSON for each event. The hash tells a whole answer from one that was
  /// torn, the key one that was put in its place.
  func bytes(for key: CacheKey) -> [UInt8] {
    var body: [UInt8] = []
    for (event, offset) in zip(events, offsets) {
      var object = event.kept
      object["at"] = .integer(Int(clamping: offset.wholeNanoseconds))
      JSONValue.object(object).write(to: &body)
      body.append(UInt8(ascii: "\n"))
    }
    let head: JSONValue = [
      "answer": 1, "key": .string(key.digest), "events": .integer(events.count),
      "sha256": .string(sha256(body)),
    ]
    return head.bytes + [UInt8(ascii: "\n")] + body
  }

  /// `nil` when the bytes are not, or not all of, an answer for `key` that this version can read.
  init?(_ bytes: [UInt8], for key: CacheKey) {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")),
      let head = try? JSONValue(parsing: bytes[..<end])
    else { return nil }
    let body = bytes[(end + 1)...]
    guard head["answer"]?.int == 1, head["key"]?.string == key.digest, head["sha256"]?.string == sha256(body)
    else { return nil }
    var events: [ChatEvent] = []
    var offsets: [Duration] = []
    for line in body.split(separator: UInt8(ascii: "\n")) {
      guard let object = (try? JSONValue(parsing: line))?.object, let event = ChatEvent(kept: object),
        let offset = object["at"]?.int
      else { return nil }
      events.append(event)
      offsets.append(.nanoseconds(Int64(offset)))
    }
    guard events.count == head["events"]?.int else { return nil }
    self.init(events: events, offsets: offsets)
  }
}

extension Duration {
  var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? (seconds < 0 ? .min : .max) : whole &+ attoseconds / 1_000_000_000
  }
}
