// What a test is told when it expected something else.

/// An expectation that was not met.
public struct Unmet: Error, CustomStringConvertible {
  /// What was expected, and what was there.
  public let description: String
  init(_ description: String) { self.description = description }
}
