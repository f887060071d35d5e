// Bytes of a provider in, events out.
import FlowHTTP

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
  private var decoder: AnswerDecoder

  /// - Parameters:
  ///   - wire: whose answer it is.
  ///   - framing: `nil` for the protocol's own.
  ///   - tolerance: what to do with frames that are not JSON.
  public init(
    _ wire: WireProtocol, framing: WireFraming? = nil, tolerance: FrameTolerance = .lenient(upTo: 8)
  ) {
    decoder = AnswerDecoder(wire, framing, tolerance)
  }

  /// The terminal has been told: nothing follows, whatever is fed.
  public var isEnded: Bool { decoder.frames.answer.isEnded }

  /// The answer is complete, although its terminal may only be told at the end of the bytes: something may still
  /// follow, such as the usage. Whoever has waited long enough may call ``finish()``.
  public var isComplete: Bool { decoder.isComplete }

  /// What has been told so far.
  public var emitted: ProviderError.Emitted { decoder.frames.answer.emittedSoFar }

  /// What the next bytes mean.
  public mutating func decode(_ bytes: Bytes) -> [ChatEvent] {
    var events: [ChatEvent] = []
    decode(bytes, into: &events)
    return events
  }

  /// What the next bytes mean, put behind the events that are there.
  public mutating func decode(_ bytes: Bytes, into events: inout [ChatEvent]) {
    decoder.append(bytes)
    decoder.readFrames()
    decoder.take(into: &events)
  }

  /// What the next bytes, which are copied, mean.
  public mutating func decode(_ bytes: some Sequence<UInt8>) -> [ChatEvent] { decode(Bytes(bytes)) }

  /// What the next frame means, for whoever has cut the bytes already.
  public mutating func decode(_ frame: Frame) -> [ChatEvent] {
    decoder.read(frame)
    return take()
  }

  /// The bytes are at an end: the last events, with the terminal unless it has been told.
  public mutating func finish() -> [ChatEvent] {
    decoder.finish()
    decoder.readFrames()
    return take()
  }

  private mutating func take() -> [ChatEvent] {
    var events: [ChatEvent] = []
    decoder.take(into: &events)
    return events
  }
}
