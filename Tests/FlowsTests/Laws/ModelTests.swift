// Chains made by chance do what arrays do.
import FlowTesting
import Flows
import Foundation
import Testing

@Suite struct ModelTests {
  /// How many chains are tried. `FLOWS_MODEL_RUNS` asks for more.
  static let runs = number("FLOWS_MODEL_RUNS") ?? 2000
  /// The seed of the first.
  static let seed = number("FLOWS_MODEL_SEED") ?? 1

  private static func number(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
  }

  /// What is wrong with the plan of a seed, at its smallest, and how it is seen again.
  private func report(seed: UInt64, of operators: [ModelOperator] = ModelOperator.all) -> String? {
    let plan = ModelPlan(seed: seed, of: operators)
    if ModelRun.faults(of: plan).isEmpty { return nil }
    let smallest = plan.shrunk { !ModelRun.faults(of: $0).isEmpty }
    return """
      seed \(seed): \(smallest)
      \(ModelRun.faults(of: smallest).joined(separator: "\n"))
      again: FLOWS_MODEL_SEED=\(seed) FLOWS_MODEL_RUNS=1 swift test --filter ModelTests
      """
  }

  @Test func `a chain does what arrays do`() {
    for seed in Self.seed..<(Self.seed + Self.runs) {
      guard let fault = report(seed: UInt64(seed)) else { continue }
      Issue.record("\(fault)")
      break
    }
  }

  @Test func `a seed stands for one plan`() {
    #expect("\(ModelPlan(seed: 7))" == "\(ModelPlan(seed: 7))")
    #expect("\(ModelPlan(seed: 7))" != "\(ModelPlan(seed: 8))")
  }

  /// Five comes first from the source, so one element is enough.
  @Test func `a mistake is found, and shrinks to itself`() throws {
    let broken = ModelOperator(name: "fearsFives", isOneToOne: true, model: { model, _ in model }) {
      source, _, _ in source.filter { $0.value != 5 }
    }
    let harmless = ModelOperator.all.filter { ["buffer", "onValue", "share"].contains($0.name) }
    var faults: [String] = []
    for seed in UInt64(1)...50 where faults.isEmpty {
      if let fault = report(seed: seed, of: harmless + [broken]) { faults.append(fault) }
    }
    let fault = try #require(faults.first)
    #expect(fault.contains(": source.fearsFives[0]; source: [5] at once; unlimited demand\n"), "\(fault)")
    #expect(fault.contains("came [] instead of [5]"))
    #expect(fault.contains("1 elements were taken, 0 came, and 0 were discarded"))
    #expect(fault.contains("again: FLOWS_MODEL_SEED="))
  }

  @Test func `an element that is kept is found`() throws {
    let kept = Box<[Ball]>([])
    let broken = ModelOperator(name: "keeps", model: { model, _ in model }) { source, _, _ in
      source.onValue { ball in kept.change { $0.append(ball) } }
    }
    let plan = ModelPlan(elements: 1, steps: [ModelStep(made: broken, number: 0)])
    #expect(ModelRun.faults(of: plan) == ["1 elements are still held"])
  }
}
