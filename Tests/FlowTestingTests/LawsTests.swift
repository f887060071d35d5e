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
    (.operator("endsOnDemand") { source, _ in Broken.endsOnDemand(source) }, ["2.9", "S7"]),
    (.operator("takesSilenceForTheEnd") { source, _ in Broken.takesSilenceForTheEnd(source) }, ["2.8"]),
    (.operator("failsOnDemand") { source, _ in Broken.failsOnDemand(source) }, ["2.10"]),
    (.operator("swallowsFailures") { source, _ in Broken.swallowsFailures(source) }, ["4.2"]),
    (.operator("swallowsThrownErrors") { Broken.swallowsThrownErrors($0, $1) }, ["2.13", "4.2"]),
    (.operator("forgetsRequests") { source, _ in Broken.forgetsRequests(source) }, ["3.2", "3.8"]),
    (.operator("leavesItsSource") { source, _ in Broken.leavesItsSource(source) }, ["2.6"]),
    (.operator("ignoresCancellation") { source, _ in Broken.ignoresCancellation(source) }, ["3.12"]),
    (.operator("wantsItsFill") { source, _ in Broken.wantsItsFill(source) }, ["1.2"]),
    (.operator("fallsSilent") { source, _ in Broken.fallsSilent(source) }, ["1.4"]),
    (.operator("pollsWhenItIsOver") { source, _ in Broken.pollsWhenItIsOver(source) }, ["1.6", "1.8"]),
    (.operator("startsTooSoon") { source, _ in Broken.startsTooSoon(source) }, ["1.9"]),
    (.operator("sharesItsSource") { source, _ in source.share() }, ["1.11"]),
    (.operator("fearsGreatNumbers") { source, _ in Broken.fearsGreatNumbers(source) }, ["3.17"]),
    (.operator("knowsTheHour") { source, _ in Broken.knowsTheHour(source) }, ["S6"]),
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

  @Test func `catches an operator that calls while it is made`() {
    let row = LawRow.operator("callsTooSoon") { source, law in
      let first = try? law.call(1)
      return source.prepend(.just(first ?? 0))
    }
    #expect(row.breaches(depth: 10).contains { $0.rule == "1.9" })
  }

  @Test func `names the mode and the seed`() {
    let breaches = LawRow.operator("forgetsRequests") { source, _ in Broken.forgetsRequests(source) }
      .breaches(depth: 10).map(\.description)
    for mode in ["a synchronous source", "an asynchronous source", "demand of one", "random demand (seed 1)"]
    {
      #expect(breaches.contains { $0.hasPrefix("rule 3.") && $0.contains(mode) }, "\(mode)")
    }
  }

  @Test func `every rule is there, in order`() {
    let streams = [(1, 11), (2, 13), (3, 17), (4, 2)].flatMap { part, count in
      (1...count).map { "\(part).\($0)" }
    }
    #expect(Laws.rules.map(\.number) == streams + (1...7).map { "S\($0)" })
  }

  /// 3.3 is caught by a test of its own.
  @Test func `every rule that is run catches somebody`() {
    let caught = Set(Self.broken.flatMap(\.rules)).union(["3.3"])
    for rule in Laws.rules {
      switch rule.proof {
      case .run: #expect(caught.contains(rule.number), "\(rule)")
      case .with(let other): #expect(caught.contains(other), "\(rule)")
      case .kernel, .type: #expect(!caught.contains(rule.number), "\(rule)")
      }
    }
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
          - rule 4.2, swallowsFailures(of: source), a synchronous source of 10 elements, then a failure, unlimited \
        demand: ended with completion instead of the failure of its source

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
