// Bytes of a provider in, one event after another out.
import FlowHTTP

/// What stands behind ``ChatDecoder`` and `decoded(as:)`: cuts the bytes into frames, and hands these to the
/// protocol's reader; what is no frame, to whatever can still be made of it.
///
/// A frame is read when its events are wanted, so that nothing is decoded ahead of demand.
struct AnswerDecoder: ByteDecoder {
  private(set) var frames: FrameReader
  private let framing: WireFraming
  private var events = ServerSentEventDecoder()
  private var lines = LineDecoder(.notBlank, endingWith: .any)
  private var bare = BareFramer()
  /// Where lines were promised, one object stands in many.
  private var isOverLines = false
  private var isFinished = false

  init(_ wire: WireProtocol, _ framing: WireFraming?, _ tolerance: FrameTolerance) {
    self.framing = framing ?? wire.framing
    frames = FrameReader(wire.makeReader(), tolerance: tolerance)
  }

  var isComplete: Bool { frames.answer.isEnded || frames.wire.isComplete(frames.answer) }

  mutating func append(_ bytes: Bytes) {
    switch framing {
    case .events: events.append(bytes)
    case .jsonLines: lines.append(bytes)
    }
  }

  mutating func finish() {
    events.finish()
    lines.finish()
    isFinished = true
  }

  mutating func finish(after error: any Error) -> (any Error)? {
    readFrames()
    // All that was needed had come: the end of the connection does not matter.
    if isComplete {
      finish()
      return nil
    }
    var failure = ProviderError(wrapping: error)
    failure.emitted = frames.answer.emittedSoFar
    return failure
  }

  /// - Throws: the answer's failure, in the place of the event `failed`.
  mutating func next() throws -> ChatEvent? {
    while true {
      if let event = frames.answer.next() {
        if case .failed(let error) = event { throw error }
        return event
      }
      guard readFrame() else { return nil }
    }
  }

  /// Reads every frame that is there.
  mutating func readFrames() { while readFrame() {} }

  mutating func read(_ frame: Frame) {
    var name = frame.name ?? ""
    name.withUTF8 { name in frame.data.withUnsafeBytes { frames.read($0, named: FrameName(bytes: name)) } }
  }

  mutating func take(into others: inout [ChatEvent]) { frames.answer.take(into: &others) }

  /// Reads the next frame, or the end; false when more bytes are needed, or nothing more can come.
  private mutating func readFrame() -> Bool {
    if frames.answer.isEnded { return false }
    do {
      switch framing {
      case .events: if let event = try events.next() { return read(event) }
      case .jsonLines: if let line = try lines.next() { return read(line) }
      }
    } catch { failTooLong() }
    guard isFinished else { return false }
    isFinished = false
    readEnd()
    return true
  }

  private mutating func read(_ event: ServerSentEvent) -> Bool {
    switch event {
    case .message(let message):
      read(message.data, named: message.type, message.isComplete ? .whole : .unclosed)
    case .comment: frames.readHeartbeat()
    case .stray(let line): read(stray: line)
    case .retry: break
    }
    return true
  }

  private mutating func read(_ line: Line) -> Bool {
    // An object over several lines: the body of an error, an answer that was not streamed.
    if isOverLines || (!frames.answer.isStarted && line.isOpeningBracket) {
      isOverLines = true
      read(stray: line.bytes)
    } else if !line.isEventField {
      read(line.bytes, named: Bytes(), line.isTerminated ? .bare : .last)
    }
    return true
  }

  private mutating func read(_ data: Bytes, named name: Bytes, _ form: FrameForm) {
    data.withUnsafeBytes { data in
      name.withUnsafeBytes { name in
        frames.read(data, named: FrameName(bytes: name.bindMemory(to: UInt8.self)), form)
      }
    }
  }

  private mutating func read(stray line: Bytes) {
    do {
      try line.withUnsafeBytes { line in try bare.feed(line) { frames.read($0, named: .none, .bare) } }
      try [0x0A as UInt8].withUnsafeBytes { end in try bare.feed(end) { _ in } }
    } catch { failTooLong() }
  }

  private mutating func readEnd() {
    if frames.answer.isEnded { return }
    if bare.hasText {
      if frames.answer.isStarted {
        frames.answer.warn(.strayBytes, ErrorText.snippet(bare.text))
      } else if !bare.isInside, !Self.mayBeField(bare.text) {
        frames.answer.fail(ProviderError(unstructured: bare.text, status: 200))
      }
    }
    frames.readEnd()
  }

  /// The whole body is the beginning of an event's first line: it was cut off, it says nothing.
  private static func mayBeField(_ text: [UInt8]) -> Bool {
    let word = text.prefix { $0 > 0x20 }
    return ["data", "event", "id", "retry"].contains { $0.utf8.starts(with: word) }
  }

  private mutating func failTooLong() {
    frames.answer.fail(
      ProviderError(.protocolViolation, "a line is longer than \(Int.longestLine >> 20) MiB"))
  }
}

extension Line {
  /// Nothing but the beginning of an object or a list.
  fileprivate var isOpeningBracket: Bool {
    guard bytes.count < 16 else { return false }
    let marks = bytes.filter { $0 > 0x20 }
    return marks.count == 1 && (marks[0] == UInt8(ascii: "{") || marks[0] == UInt8(ascii: "["))
  }

  /// What stands beside the data when events come where lines were promised.
  fileprivate var isEventField: Bool {
    bytes.first == .some(UInt8(ascii: ":"))
      || ["event:", "id:", "retry:"].contains { bytes.starts(with: $0.utf8) }
  }
}
