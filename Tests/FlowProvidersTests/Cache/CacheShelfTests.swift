// Which values stay at hand.
import Flows
import Testing

@testable import FlowProviders

@Suite struct CacheShelfTests {
  private let start = FlowInstant(nanoseconds: 0)
  private var shelf = CacheShelf<String>(maxEntries: 3, maxBytes: 100)

  private func key(_ name: String) -> CacheKey { CacheKey(digest: name) }

  private mutating func keep(_ name: String, _ weight: Int = 10, left: Duration? = nil) -> [String] {
    shelf.keep(name, weight: weight, for: key(name), at: start, left: left).map(\.digest)
  }

  private mutating func holds(_ name: String, after delay: Duration = .zero) -> Bool {
    if case .value(name, _, _) = shelf.find(key(name), at: start.advanced(by: delay)) { true } else { false }
  }

  @Test mutating func `with too many, what was used longest ago goes`() {
    for name in ["a", "b", "c"] { #expect(keep(name) == []) }
    #expect(holds("a"))
    #expect(keep("d") == ["b"])
    #expect(holds("a") && holds("c") && holds("d") && !holds("b"))
  }

  @Test mutating func `with too many bytes, as many go as must`() {
    for name in ["a", "b", "c"] { _ = keep(name, 30) }
    #expect(keep("d", 60) == ["a", "b"])
    #expect(shelf.bytes == 90)
    #expect(shelf.count == 2)
  }

  @Test mutating func `what is larger than all is not kept, and nothing goes for it`() {
    _ = keep("a")
    #expect(keep("b", 101) == [])
    #expect(holds("a") && !holds("b"))
  }

  @Test mutating func `a value takes the place of the one before`() {
    _ = keep("a", 60)
    #expect(keep("a", 50) == [])
    #expect(shelf.bytes == 50)
    #expect(shelf.count == 1)
  }

  @Test mutating func `what is too old is found once, and gone`() {
    _ = keep("a", left: .seconds(2))
    #expect(holds("a", after: .seconds(1)))
    guard case .stale = shelf.find(key("a"), at: start.advanced(by: .seconds(2))) else {
      Issue.record("it is not found to be too old")
      return
    }
    guard case .nothing = shelf.find(key("a"), at: start.advanced(by: .seconds(2))) else {
      Issue.record("it is still there")
      return
    }
    #expect(shelf.bytes == 0)
  }

  @Test mutating func `places are used again`() {
    for round in 0..<100 {
      for name in ["a", "b", "c", "d"] { _ = keep("\(name)\(round)") }
    }
    #expect(shelf.count == 3)
    #expect(holds("b99") && holds("c99") && holds("d99"))
    shelf.removeAll()
    #expect(shelf.count == 0 && shelf.bytes == 0)
  }
}
