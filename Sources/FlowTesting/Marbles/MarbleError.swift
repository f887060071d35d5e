// The failure that sources of a test fail with.

/// What `#` stands for in a diagram, and what a `TestFlow` fails with when no other error is given.
public struct MarbleError: Error, Equatable, Sendable, CustomStringConvertible {
  public init() {}
  public var description: String { "#" }
}
