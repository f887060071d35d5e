// What a server answers, piece by piece.
import Flows

/// A piece of a response. The head comes first, once; what follows is the body, as it arrives.
public enum HTTPPart: Sendable, Hashable {
  case head(HTTPHead)
  case body(Bytes)
}

extension HTTPPart {
  @inlinable public var head: HTTPHead? { if case .head(let head) = self { head } else { nil } }
  @inlinable public var body: Bytes? { if case .body(let bytes) = self { bytes } else { nil } }
}

/// The status and the headers of a response.
public struct HTTPHead: Sendable, Hashable {
  public var status: Int
  public var headers: HTTPHeaders

  public init(status: Int, headers: HTTPHeaders = [:]) {
    self.status = status
    self.headers = headers
  }

  /// The status is one of 200 to 299.
  public var isSuccess: Bool { (200..<300).contains(status) }
}

/// A response whose body has come whole.
public struct HTTPResponse: Sendable, Hashable {
  public var head: HTTPHead
  public var body: Bytes

  public init(head: HTTPHead, body: Bytes = Bytes()) {
    self.head = head
    self.body = body
  }
}

/// A response that is not what was asked for: its head, and the beginning of its body.
public struct HTTPStatusError: Error, Sendable, Hashable, CustomStringConvertible {
  public let response: HTTPResponse
  public init(_ response: HTTPResponse) { self.response = response }
  public var description: String {
    "the server answered \(response.head.status)"
      + (response.body.isEmpty ? "" : ": \(response.body.prefix(200))")
  }
}
