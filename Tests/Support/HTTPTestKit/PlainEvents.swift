// Server-sent events, read slowly and simply: what the fast decoder is held against.
import FlowHTTP

/// The events of a whole text, read word for word as the standard says it, with no thought of chunks.
public func plainEvents(of text: Bytes) -> [ServerSentEvent] {
  var events: [ServerSentEvent] = []
  var (data, hasData, type, id) = ([UInt8](), false, Bytes(), Bytes())
  func dispatch(isComplete: Bool) {
    if hasData {
      // The last line feed does not count.
      events.append(
        .message(
          .init(data: Bytes(data.dropLast()), type: type, lastEventID: id, isComplete: isComplete)))
    }
    (data, hasData, type) = ([], false, Bytes())
  }
  let (lines, rest) = plainLines(of: text)
  for (number, line) in (lines + (rest.isEmpty ? [] : [rest])).enumerated() {
    if line.isEmpty {
      dispatch(isComplete: number < lines.count)
      continue
    }
    let colon = line.firstIndex(of: 0x3A) ?? line.endIndex
    var value = Array(line[colon...].dropFirst())
    if value.first == 0x20 { value.removeFirst() }
    switch String(decoding: line[..<colon], as: UTF8.self) {
    case "": events.append(.comment(Bytes(value)))
    case "data":
      data += value + [0x0A]
      hasData = true
    case "event": type = Bytes(value)
    case "id": if !value.contains(0) { id = Bytes(value) }
    case "retry":
      if !value.isEmpty, value.allSatisfy({ 0x30...0x39 ~= $0 }),
        let number = Int64(String(decoding: value, as: UTF8.self))
      {
        events.append(.retry(.milliseconds(number)))
      }
    default: events.append(.stray(Bytes(line)))
    }
  }
  dispatch(isComplete: false)
  return events
}

/// The lines that have an end, and what follows the last.
private func plainLines(of text: Bytes) -> (lines: [[UInt8]], rest: [UInt8]) {
  var bytes = Array(text)
  if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
  var lines: [[UInt8]] = []
  var line: [UInt8] = []
  var last: UInt8 = 0
  for byte in bytes {
    if byte == 0x0A, last == 0x0D {
      last = byte
      continue
    }
    last = byte
    if byte == 0x0A || byte == 0x0D {
      lines.append(line)
      line = []
    } else {
      line.append(byte)
    }
  }
  return (lines, line)
}

extension Bytes {
  /// The same text with other line ends. Only for texts whose lines end with a line feed, or both.
  public func withLineEnds(_ end: Bytes) -> Bytes {
    var bytes: [UInt8] = []
    for byte in self where byte != 0x0D {
      if byte == 0x0A { bytes += end } else { bytes.append(byte) }
    }
    return Bytes(bytes)
  }
}
