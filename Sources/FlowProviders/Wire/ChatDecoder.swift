// Bytes of a provider in, events out.

/// How frames lie in the bytes.
public enum WireFraming: String, Sendable, Hashable, CaseIterable {
  /// Server-sent events. JSON without any framing is understood too: providers send it instead of events when
  /// something is wrong.
  case events
  /// One JSON value a line.
  case jsonLines = "json-lines"
}

/// One event of a stream that somebody else has cut into frames.
public struct Frame: Sendable, Hashable {
  /// The event's name, where the framing has names.
  public var name: String?
  public var data: [UInt8]

  public init(name: String? = nil, data: [UInt8]) {
    self.name = name
    self.data = data
  }

  public init(name: String? = nil, _ text: String) {
    self.init(name: name, data: Array(text.utf8))
  }
}

/// Decodes one answer: feed it the body's bytes as they come, then say that they are at an end.
///
/// ```swift
/// var decoder = ChatDecoder(.openAIChat)
/// for try await bytes in body.values { show(decoder.decode(bytes)) }
/// show(decoder.finish())
/// ```
///
/// The events keep the grammar of ``ChatEvent`` however the bytes are cut: exactly one terminal, nothing after
/// it. An end of the bytes without a positive sign that the answer is complete is `failed` with the kind
/// `truncated`, never success.
public struct ChatDecoder: Sendable {
  private var sink: FrameSink
  private let framing: WireFraming
  private var events = EventFramer()
  private var lines = LineSplitter()

  /// - Parameters:
  ///   - framing: `nil` for the protocol's own.
  ///   - tolerance: what to do with frames that are not JSON.
  public init(
    _ wire: WireProtocol, framing: WireFraming? = nil, tolerance: FrameTolerance = .lenient(upTo: 8)
  ) {
    self.framing = framing ?? wire.framing
    sink = FrameSink(FrameReader(wire.makeReader(), tolerance: tolerance))
  }

  /// The terminal has been told: nothing follows, whatever is fed.
  public var isEnded: Bool { sink.frames.answer.isEnded }

  /// The answer is complete, although its terminal may only be told at the end of the bytes: something may still
  /// follow, such as the usage. Whoever has waited long enough may call ``finish()``.
  public var isComplete: Bool { isEnded || sink.frames.wire.isComplete(sink.frames.answer) }

  /// What has been told so far.
  public var emitted: ProviderError.Emitted { sink.frames.answer.emittedSoFar }

  /// What the next bytes mean.
  public mutating func decode(_ bytes: some Collection<UInt8>) -> [ChatEvent] {
    var decoded: [ChatEvent] = []
    decode(bytes, into: &decoded)
    return decoded
  }

  /// What the next bytes mean, put behind the events that are there.
  public mutating func decode(_ bytes: some Collection<UInt8>, into decoded: inout [ChatEvent]) {
    if isEnded { return }
    let isContiguous: Void? = bytes.withContiguousStorageIfAvailable { feed(UnsafeRawBufferPointer($0)) }
    if isContiguous == nil { Array(bytes).withUnsafeBytes { feed($0) } }
    sink.frames.answer.take(into: &decoded)
  }

  /// What the next frame means, for whoever has cut the bytes already.
  public mutating func decode(_ frame: Frame) -> [ChatEvent] {
    if isEnded { return [] }
    var name = frame.name ?? ""
    name.withUTF8 { name in
      frame.data.withUnsafeBytes { sink.frames.read($0, named: FrameName(bytes: name)) }
    }
    return sink.frames.answer.take()
  }

  /// The bytes are at an end: the last events, with the terminal unless it has been told.
  public mutating func finish() -> [ChatEvent] {
    if isEnded { return [] }
    do {
      switch framing {
      case .events: try events.finish { sink.read($0) }
      case .jsonLines: lines.finish { sink.read(line: $0, isWhole: false) }
      }
    } catch { sink.failTooLong() }
    sink.finish()
    return sink.frames.answer.take()
  }

  private mutating func feed(_ bytes: UnsafeRawBufferPointer) {
    do {
      switch framing {
      case .events: try events.feed(bytes) { sink.read($0) }
      case .jsonLines: try lines.feed(bytes) { sink.read(line: $0, isWhole: true) }
      }
    } catch { sink.failTooLong() }
  }
}

/// Where found frames go: to the protocol's reader, or, when they are none, to whatever can still be made of them.
private struct FrameSink: Sendable {
  var frames: FrameReader
  private var bare = BareFramer()

  init(_ frames: FrameReader) { self.frames = frames }

  mutating func read(_ found: FoundFrame) {
    switch found {
    case .event(let name, let data, let isWhole): frames.read(data, named: name, isWhole: isWhole)
    case .comment: frames.readHeartbeat()
    case .stray(let line): read(stray: line)
    }
  }

  mutating func read(line: UnsafeRawBufferPointer, isWhole: Bool) {
    // Some send events where lines were promised.
    var line = line
    if line.starts(with: "data:".utf8) { line = UnsafeRawBufferPointer(rebasing: line[5...]) }
    frames.read(line, named: .none, isWhole: isWhole)
  }

  private mutating func read(stray line: UnsafeRawBufferPointer) {
    if frames.answer.isEnded { return }
    do {
      try bare.feed(line) { frames.read($0, named: .none) }
      try [UInt8(ascii: "\n")].withUnsafeBytes { try bare.feed($0) { _ in } }
    } catch { failTooLong() }
  }

  mutating func finish() {
    if frames.answer.isEnded { return }
    if bare.hasText {
      if frames.answer.isStarted {
        frames.answer.warn(.strayBytes, ErrorText.snippet(bare.text))
      } else if !bare.isInside {
        frames.answer.fail(ProviderError(unstructured: bare.text, status: 200))
      }
    }
    frames.readEnd()
  }

  mutating func failTooLong() {
    frames.answer.fail(
      ProviderError(.protocolViolation, "a line is longer than \(LineSplitter.limit >> 20) MiB"))
  }
}
