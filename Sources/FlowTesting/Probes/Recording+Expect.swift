// The words in which a test says what should have come.
import Flows

extension Recording {
  /// The next elements were these, all of them at `offset` from the beginning of time when that is given.
  public func expect(_ elements: Element..., at offset: Duration? = nil) throws where Element: Equatable {
    for element in elements {
      guard let event = next() else { throw unmet("\(element)", nil) }
      guard event.element == element else { throw unmet("\(element)", event) }
      try check(event, offset)
    }
  }

  /// The next event was the completion.
  public func expectFinished(at offset: Duration? = nil) throws {
    let event = next()
    guard let event, case .end(.finished) = event.signal else { throw unmet("completion", event) }
    try check(event, offset)
  }

  /// The next event was a failure with an error of this type; the answer is the error.
  @discardableResult
  public func expectFailure<E: Error>(_ type: E.Type = E.self, at offset: Duration? = nil) throws -> E {
    let event = next()
    guard let event, case .end(.failed(let error)) = event.signal, let error = error as? E else {
      throw unmet("failure with \(type)", event)
    }
    try check(event, offset)
    return error
  }

  /// The next event was a failure.
  @discardableResult
  public func expectFailure(at offset: Duration? = nil) throws -> any Error {
    let event = next()
    guard let event, case .end(.failed(let error)) = event.signal else { throw unmet("failure", event) }
    try check(event, offset)
    return error
  }

  /// Nothing came since the last expectation.
  public func expectNothing() throws {
    if let event = next() { throw unmet("nothing", event) }
  }

  /// Nothing came since the last expectation, and nothing comes while `time` passes. A test that drives time by hand.
  public func expectNothing(for time: Duration) throws {
    try expectNothing()
    advance(by: time)
    try expectNothing()
  }

  /// Takes the next element, whatever it is.
  public func takeElement() throws -> Element {
    let event = next()
    guard let event, let element = event.element else { throw unmet("an element", event) }
    return element
  }

  /// Takes all that came and has not been expected: ``done()`` is content with it.
  public func ignoreRest() {
    while next() != nil {}
  }

  /// Nothing is left that no expectation has taken, and nothing came that the contract forbids.
  public func done() throws {
    if let violation = violations.first { throw Unmet(violation) }
    let left = unread
    if left.isEmpty { return }
    throw Unmet("not expected: " + left.map(\.description).joined(separator: ", ") + history)
  }

  private func check(_ event: Event, _ offset: Duration?) throws {
    guard let offset, event.instant != FlowInstant(nanoseconds: 0).advanced(by: offset) else { return }
    throw Unmet("expected at \(offset): \(event)" + history)
  }

  private func unmet(_ expected: String, _ event: Event?) -> Unmet {
    Unmet("expected \(expected), but " + (event.map { "\($0) came" } ?? "nothing came") + history)
  }

  private var history: String {
    let all = events
    if all.isEmpty { return "" }
    return "\nall that came: " + all.map(\.description).joined(separator: ", ")
  }
}
