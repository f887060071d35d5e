// Each rule catches the operator that breaks it, and nobody else.
import FlowTesting
import Flows
import Testing

@Suite struct LawsTests {
  static let attic = Attic()

  /// A broken operator, and the rules that it breaks.
  static let broken: [(row: LawRow, rules: Set<String>)] = [
    (.operator("neverEnds") { source, _ in Broken.neverEnds(source) }, ["1.5"]),
    (.operator("pollsAfterTheEnd") { source, _ in Broken.pollsAfterTheEnd(source) }, ["1.7"]),
    (.operator("sharesState") { source, _ in Broken.sharesState(source) }, ["1.10"]),
    (.operator("endsOnDemand") { source, _ in Broken.endsOnDemand(source) }, ["S7"]),
    (.operator("takesSilenceForTheEnd") { source, _ in Broken.takesSilenceForTheEnd(source) }, ["2.8"]),
    (.operator("failsOnDemand") { source, _ in Broken.failsOnDemand(source) }, ["2.10"]),
    (.operator("swallowsFailures") { source, _ in Broken.swallowsFailures(source) }, ["4.2"]),
    (.operator("swallowsThrownErrors") { Broken.swallowsThrownErrors($0, $1) }, ["2.13", "4.2"]),
    (.operator("forgetsRequests") { source, _ in Broken.forgetsRequests(source) }, ["3.8"]),
    (.operator("leavesItsSource") { source, _ in Broken.leavesItsSource(source) }, ["3.12"]),
    (.operator("keepsItsStage") { Broken.keepsItsStage($0, $1, in: attic) }, ["3.13"]),
    (.operator("fetchesAhead") { source, _ in Broken.fetchesAhead(source) }, ["S1"]),
    (.operator("letsFailuresOvertake") { source, _ in Broken.letsFailuresOvertake(source) }, ["S3", "S4"]),
    (.operator("losesElements") { source, _ in Broken.losesElements(source) }, ["S4"]),
    (.operator("forgetsItsTimer") { source, _ in Broken.forgetsItsTimer(source) }, ["S5"]),
  ]

  @Test(arguments: broken.indices)
  func `catches a broken operator`(index: Int) {
    let (row, rules) = Self.broken[index]
    let found = Set(row.breaches(depth: 1000).map(\.rule))
    #expect(found.isSuperset(of: rules), "\(row)")
  }

  @Test func `catches recursion`() async {
    await #expect(processExitsWith: .failure) {
      _ = LawRow.operator("recurses") { source, _ in Broken.recurses(source) }.breaches()
    }
  }

  @Test func `names the rule and the scene`() throws {
    let row = LawRow.operator("swallowsFailures(of: source)") { source, _ in Broken.swallowsFailures(source) }
    #expect(row.name == "swallowsFailures")
    let error = try #require(throws: LawsBroken.self) { try row.check(depth: 1000) }
    #expect(
      error.description.hasPrefix(
        """
        swallowsFailures(of: source) breaks 1 rules:
          - rule 4.2, 10 elements at once, then a failure, unlimited demand: ended with completion instead of the \
        failure of its source

        """))
  }

  @Test func `finds nothing wrong with those that keep them`() throws {
    try LawRow.operator("map") { source, law in source.map { try law.call($0) * 2 } }.check(depth: 100_000)
    try LawRow.operator("filter") { source, law in source.filter { try law.call($0) % 2 == 0 } }.check(
      depth: 100_000)
    try Laws.check("nothing") { $0 }
    try LawRow.source("from") { _ in .from([1, 2, 3]) }.check(depth: 100_000)
  }
}
