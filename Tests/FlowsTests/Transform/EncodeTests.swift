// Values into bytes, and bytes into values.
import FlowTesting
import Flows
import Foundation
import Testing

extension JSONEncoder: FlowEncoder {
  public func encode<Value: Encodable>(_ value: Value) throws -> [UInt8] { Array(try encode(value) as Data) }
}

extension JSONDecoder: FlowDecoder {
  public func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
    try decode(type, from: Data(bytes))
  }
}

@Suite struct EncodeTests {
  private struct Point: Codable, Equatable {
    var x: Int
    var y: Int
  }

  let time = VirtualTime()

  @Test func `delivers the bytes of each element`() throws {
    try marbles(
      """
      source   -a-b-|
      encode   -x-y-|
      """,
      results: ["x": #""a""#, "y": #""b""#]
    ) { $0["source"].encode(by: JSONEncoder()).decodeUTF8() }
  }

  @Test func `delivers the value of the bytes of each element`() throws {
    try marbles(
      """
      source   -x-y-|
      decode   -a-b-|
      """
    ) { sources in
      let values = ["x": #""a""#, "y": #""b""#]
      return sources["source"].map { values[$0]!.utf8 }.decode(String.self, by: JSONDecoder())
    }
  }

  @Test func `what was encoded is decoded to the same`() throws {
    let points = [Point(x: 1, y: -2), Point(x: 0, y: .max)]
    let seen = Flow.from(points).encode(by: JSONEncoder()).decode(Point.self, by: JSONDecoder()).record(
      in: time)
    #expect(seen.elements == points && seen.end != nil)
  }

  @Test func `asks for what was asked for, and an error fails the flow`() throws {
    let source = TestFlow<String>()
    let seen = source.flow.map(\.utf8).decode(Point.self, by: JSONDecoder()).record(in: time, demand: 3)
    #expect(source.asked == 3)
    source.send(#"{"x":1,"y":2}"#, #"{"x":1}"#, "never")
    try seen.expect(Point(x: 1, y: 2))
    try seen.expectFailure(DecodingError.self)
    try source.expectReleased()
    let infinite = Flow.just(Double.infinity).encode(by: JSONEncoder()).record(in: time)
    try infinite.expectFailure(EncodingError.self)
  }
}
