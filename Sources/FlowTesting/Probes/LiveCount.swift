// Whether what was captured has been let go.
import Synchronization

/// Counts the tokens that are alive: put one into a closure or an element, and see that it goes.
///
/// ```swift
/// let count = LiveCount()
/// let flow = source.map { [token = count.token()] in use($0, token) }
/// ...
/// #expect(count.live == 0)
/// ```
public final class LiveCount: Sendable {
  /// Alive as long as somebody holds it.
  public final class Token: Sendable {
    private let count: LiveCount
    fileprivate init(_ count: LiveCount) { self.count = count }
    deinit { count.change(-1) }
  }

  private let tokens = Atomic<Int>(0)

  public init() {}

  /// The number of tokens that are alive.
  public var live: Int { tokens.load(ordering: .acquiring) }

  /// A new token.
  public func token() -> Token {
    change(1)
    return Token(self)
  }

  private func change(_ difference: Int) {
    tokens.wrappingAdd(difference, ordering: .acquiringAndReleasing)
  }

  /// - Throws: ``Unmet`` when a token is alive.
  public func expectNone() throws {
    if live != 0 { throw Unmet("\(live) of what should have been let go is alive") }
  }
}
