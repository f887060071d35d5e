// Values into bytes, and bytes into values.

/// Makes bytes of values: what ``Flow/encode(by:)`` needs to know of an encoder.
///
/// ```swift
/// extension JSONEncoder: @retroactive FlowEncoder {
///   public func encode<Value: Encodable>(_ value: Value) throws -> [UInt8] { Array(try encode(value) as Data) }
/// }
/// ```
public protocol FlowEncoder: Sendable {
  func encode<Value: Encodable>(_ value: Value) throws -> [UInt8]
}

/// Makes values of bytes: what ``Flow/decode(_:by:)`` needs to know of a decoder.
///
/// ```swift
/// extension JSONDecoder: @retroactive FlowDecoder {
///   public func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
///     try decode(type, from: Data(bytes))
///   }
/// }
/// ```
public protocol FlowDecoder: Sendable {
  func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value
}

extension Flow where Element: Encodable {
  /// Delivers the bytes that `encoder` makes of each element.
  ///
  ///     source   -a-b-|
  ///     encode   -x-y-|
  ///
  /// **Failure.** An error of the encoder cancels upstream and fails the flow.
  @inlinable
  public func encode(by encoder: some FlowEncoder) -> Flow<[UInt8]> { map { try encoder.encode($0) } }
}

extension Flow where Element: Sequence, Element.Element == UInt8 {
  /// Delivers the value that `decoder` makes of the bytes of each element.
  ///
  ///     source   -x-y-|
  ///     decode   -a-b-|
  ///
  /// Each element is a whole value: bytes that were cut anywhere must be put together before.
  ///
  /// **Failure.** An error of the decoder cancels upstream and fails the flow.
  @inlinable
  public func decode<Value: Decodable & Sendable>(
    _ type: Value.Type, by decoder: some FlowDecoder
  ) -> Flow<Value> {
    map { try decoder.decode(type, from: Array($0)) }
  }
}
