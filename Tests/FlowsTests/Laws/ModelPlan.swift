// A chain of operators and what is done with it, made by chance, and made smaller.
@testable import FlowTesting
import Flows

/// An operator of a chain, with its number.
struct ModelStep: Sendable, CustomStringConvertible {
  let made: ModelOperator
  var number: Int
  var description: String { "\(made.name)[\(number)]" }
}

/// One run: a source, up to eight operators, demand, and perhaps a cancellation.
struct ModelPlan: Sendable, CustomStringConvertible {
  enum Demand: Sendable {
    case unlimited, oneByOne
    /// So many at these milliseconds, and the rest much later.
    case at([(millisecond: Int, count: Int)])
  }
  enum Stop: Sendable {
    case inElement(Int)
    case at(millisecond: Int)
  }

  var elements = 0
  var fails = false
  /// Milliseconds between the elements; `nil` when all are there at once.
  var gap: Int?
  var steps: [ModelStep] = []
  var demand = Demand.unlimited
  var stop: Stop?

  /// The values of the source.
  var values: [Int] { (0..<elements).map { 5 * ($0 + 1) % 9 } }

  /// What must come.
  var model: ArrayModel {
    steps.reduce(ArrayModel(elements: values, fails: fails)) { $1.made.model($0, $1.number) }
  }

  /// The operators stand where they can, and the arrays stay short.
  var isPossible: Bool {
    var model = ArrayModel(elements: values, fails: fails)
    for step in steps {
      if step.made.wantsCompletion, model.fails { return false }
      model = step.made.model(model, step.number)
      if model.elements.count > 200 { return false }
    }
    return true
  }

  var isOneToOne: Bool { steps.allSatisfy(\.made.isOneToOne) }

  var description: String {
    let source = "\(values)" + (fails ? ", then a failure" : "")
    let pace = gap.map { ", \($0) ms apart" } ?? " at once"
    let asked =
      switch demand {
      case .unlimited: "unlimited demand"
      case .oneByOne: "demand of one"
      case .at(let requests):
        "asked for " + requests.map { "\($0.count) at \($0.millisecond) ms" }.joined(separator: ", ")
          + ", the rest at 1000 ms"
      }
    let end: String? =
      switch stop {
      case .inElement(let place): "cancelled in element \(place)"
      case .at(let millisecond): "cancelled at \(millisecond) ms"
      case nil: nil
      }
    let chain = (["source"] + steps.map(\.description)).joined(separator: ".")
    return [chain, "source: \(source)\(pace)", asked, end].compactMap { $0 }.joined(separator: "; ")
  }
}

extension ModelPlan {
  /// What a seed stands for.
  init(seed: UInt64, of operators: [ModelOperator] = ModelOperator.all) {
    var dice = Dice(seed: seed)
    repeat {
      elements = dice.roll(13)
      fails = dice.roll(3) == 0
      gap = dice.roll(2) == 0 ? nil : dice.roll(3)
      steps = (0..<(1 + dice.roll(8))).map { _ in
        ModelStep(made: operators[dice.roll(operators.count)], number: dice.roll(5))
      }
    } while !isPossible
    switch dice.roll(4) {
    case 0: demand = .unlimited
    case 1: demand = .oneByOne
    default: demand = .at((0..<dice.roll(12)).map { _ in (dice.roll(40), 1 + dice.roll(4)) })
    }
    switch dice.roll(4) {
    case 0: stop = .inElement(1 + dice.roll(max(1, model.elements.count)))
    case 1: stop = .at(millisecond: dice.roll(30))
    default: break
    }
  }

  /// Plans that are a little simpler, the simplest first.
  var simpler: [ModelPlan] {
    var all: [ModelPlan] = []
    func with(_ change: (inout ModelPlan) -> Void) {
      var copy = self
      change(&copy)
      all.append(copy)
    }
    for place in steps.indices { with { $0.steps.remove(at: place) } }
    if elements > 1 { with { $0.elements /= 2 } }
    if elements > 0 { with { $0.elements -= 1 } }
    if fails { with { $0.fails = false } }
    if gap != nil { with { $0.gap = nil } }
    if stop != nil { with { $0.stop = nil } }
    if case .unlimited = demand {} else { with { $0.demand = .unlimited } }
    if case .at(let requests) = demand {
      for place in requests.indices {
        var fewer = requests
        fewer.remove(at: place)
        with { $0.demand = .at(fewer) }
      }
    }
    switch stop {
    case .inElement(let place) where place > 1: with { $0.stop = .inElement(place - 1) }
    case .at(let millisecond) where millisecond > 0: with { $0.stop = .at(millisecond: millisecond - 1) }
    default: break
    }
    for place in steps.indices where steps[place].number > 0 { with { $0.steps[place].number -= 1 } }
    return all.filter(\.isPossible)
  }

  /// The smallest plan of those that can be reached step by step, each of which fails.
  func shrunk(while fails: (ModelPlan) -> Bool) -> ModelPlan {
    var smallest = self
    while let smaller = smallest.simpler.first(where: fails) { smallest = smaller }
    return smallest
  }
}
