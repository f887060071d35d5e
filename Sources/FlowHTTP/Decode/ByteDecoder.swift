// From bytes to values, wherever the bytes were cut.
import Flows

/// Turns bytes into values. A plain value: it can be fed by hand, or stand in a flow with
/// ``Flows/Flow/decoded(by:)``.
///
/// ```swift
/// var decoder = ServerSentEventDecoder()
/// decoder.append(bytes)
/// while let event = try decoder.next() { print(event) }
/// ```
///
/// Where the bytes were cut makes no difference to what comes out.
public protocol ByteDecoder: Sendable {
  associatedtype Output: Sendable

  /// Adds bytes to what is to be decoded.
  mutating func append(_ bytes: Bytes)

  /// Says that no more bytes come, so that what is left can be decoded.
  mutating func finish()

  /// Says that the bytes broke off: `error` came instead of their end.
  ///
  /// - Returns: the failure that comes after the values that are left; `nil` when nothing is missing. The error
  ///   itself when a decoder does not say otherwise.
  mutating func finish(after error: any Error) -> (any Error)?

  /// The next value; `nil` when more bytes are needed, or, after ``finish()``, when there is no more.
  mutating func next() throws -> Output?
}

extension ByteDecoder {
  public mutating func finish(after error: any Error) -> (any Error)? { error }
}

extension Flow where Element == Bytes {
  /// Delivers what `decoder` makes of the bytes.
  ///
  /// Each run has a decoder of its own. **Demand.** Bytes are asked for one chunk at a time, and only when nothing
  /// is left of the chunk before. **Completion.** After what the decoder makes of the bytes that are left.
  /// **Failure.** An error of the decoder fails the flow, after the values before it. A failure of the bytes comes
  /// after the values that they completed, as the decoder's ``ByteDecoder/finish(after:)`` has it; what was left
  /// incomplete is given up.
  @inlinable
  public func decoded<Decoder: ByteDecoder>(by decoder: Decoder) -> Flow<Decoder.Output> {
    Flow<Decoder.Output> { context in
      var decoding = Decoding(start(in: context), decoder, context)
      return { room in decoding.poll(&room) }
    }
  }
}

/// The memory of `decoded(by:)`. One value, so that a poll makes sure once that it is alone, not once per event.
@usableFromInline
struct Decoding<Decoder: ByteDecoder> {
  @usableFromInline let upstream: Flow<Bytes>.Stage
  @usableFromInline var decoder: Decoder
  @usableFromInline let context: FlowContext
  /// At most one value, decoded to see whether there is one.
  @usableFromInline let held: Held<Decoder.Output>
  @usableFromInline var ending: Poll?

  @inlinable
  init(_ upstream: @escaping Flow<Bytes>.Stage, _ decoder: Decoder, _ context: FlowContext) {
    self.upstream = upstream
    self.decoder = decoder
    self.context = context
    held = Held(context)
  }

  @inlinable
  mutating func poll(_ room: inout Chunk<Decoder.Output>) -> Poll {
    let isProgressPoll = room.isFull
    held.drain(into: &room)
    do {
      while !context.scope.isEnded {
        while !room.isFull, let value = try decoder.next() { room.append(value) }
        if room.isFull {
          // An end needs no demand: look whether this is one.
          guard isProgressPoll || ending != nil else { return .more }
          if held.isEmpty, let value = try decoder.next() { held.append(value) }
          if !held.isEmpty { return .more }
        }
        if let ending { return ending }
        let poll = readChunk(isProgressPoll ? 0 : 1)
        switch poll {
        case .pending: return .pending
        case .more: if isProgressPoll { return .more }
        case .failed(let error): ending = decoder.finish(after: error).map { .failed($0) } ?? .finished
        case .finished:
          ending = poll
          decoder.finish()
        }
      }
    } catch {
      return .failed(error)
    }
    return .pending
  }

  @inlinable
  mutating func readChunk(_ demand: Int) -> Poll {
    Chunk<Bytes>.scratch(demand) { input in
      let poll = upstream(&input)
      while let bytes = input.next() { decoder.append(bytes) }
      return poll
    }
  }
}
