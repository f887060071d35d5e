// What a recipe is handed.
import FlowTesting
import Testing

@testable import Flows

@Suite struct FlowContextTests {
  enum Optional: FlowContextKey { static let defaultValue: String? = "default" }

  private let context = FlowContext(scope: Scope(), environment: .standard)

  @Test func `has the default of a key whose value is optional`() {
    #expect(context[Optional.self] == "default")
  }

  @Test func `has no value when that was set`() {
    let changed = context.with { $0.values[ObjectIdentifier(Optional.self)] = String?.none as any Sendable }
    #expect(changed[Optional.self] == nil)
  }

  @Test func `runs what is left for the end, last in first out, once`() {
    let journal = Journal<Int>()
    let scope = Scope()
    let context = FlowContext(scope: scope, environment: .standard)
    for number in 1...3 { context.onEnd { journal.note(number) } }
    scope.end()
    scope.end()
    context.onEnd { journal.note(4) }
    #expect(journal.entries == [3, 2, 1, 4])
  }
}
