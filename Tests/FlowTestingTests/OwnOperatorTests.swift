// What the guide about testing an operator of one's own shows.
import FlowTesting
import Flows
import Testing

extension Flow {
  fileprivate func everyOther() -> Flow { enumerated().compactMap { $0.offset % 2 == 0 ? $0.element : nil } }
}

extension Flow<Int> {
  fileprivate func averages(of count: Int) -> Flow {
    chunks(ofCount: count).map { $0.reduce(0, +) / $0.count }
  }

  fileprivate func doubled(_ transform: @escaping @Sendable (Int) throws -> Int) -> Flow {
    map { 2 * (try transform($0)) }
  }
}

@Suite struct OwnOperatorTests {
  @Test func `everyOther keeps the laws`() throws {
    try Laws.check("everyOther") { $0.everyOther() }
  }

  static let rows: [LawRow] = [
    .operator("averages", asks: .times(2)) { source, _ in source.averages(of: 2) },
    .operator("doubled") { source, law in source.doubled { try law.call($0) } },
  ]

  @Test(arguments: rows)
  func `keeps the laws`(row: LawRow) throws { try row.check() }

  /// As the guide says.
  @Test func `a breach says rule, operator, mode and what happened`() throws {
    let row = LawRow.operator("halves(of: source)") { source, _ in Broken.losesElements(source) }
    let error = try #require(throws: LawsBroken.self) { try row.check(depth: 100) }
    #expect(
      error.breaches.map(\.description).contains(
        """
        rule S4, halves(of: source), a synchronous source of 10 elements, demand of one: delivered ["1", "3", "5", \
        "7", "9"], with unlimited demand ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]
        """))
  }
}
