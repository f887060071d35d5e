// One way to run an operator: what the source does, what is asked, and when it is cancelled.
import Flows

/// What is done with an operator in one run.
struct LawScene: Sendable, CustomStringConvertible {
  enum Pace: Sendable { case atOnce, everyMillisecond, random(UInt64) }
  enum Ending: Sendable { case finished, failed, open }
  enum Demand: Sendable { case unlimited, exactly(Int), oneByOne, random(UInt64), overflowing }
  enum Stop: Sendable {
    case never
    /// In the callback of this element, counted from 1; 0 is before anything was asked for.
    case inElement(Int)
    /// At this millisecond, before or after all else.
    case before(Int), after(Int)
  }

  var elements = 10
  var pace = Pace.atOnce
  var ending = Ending.finished
  var demand = Demand.unlimited
  var stop = Stop.never
  var misbehaviour: Misbehaviour = []
  /// At which millisecond of its time.
  var begins = 0
  /// Which call of a closure throws.
  var failingCall: Int?

  var description: String {
    var words: [String] =
      switch pace {
      case .atOnce: ["a synchronous source of \(elements) elements"]
      case .everyMillisecond: ["an asynchronous source of \(elements) elements, a millisecond apart"]
      case .random(let seed): ["an asynchronous source of \(elements) elements at random (seed \(seed))"]
      }
    switch ending {
    case .finished: break
    case .failed: words.append("then a failure")
    case .open: words.append("no end")
    }
    switch demand {
    case .unlimited: words.append("unlimited demand")
    case .exactly(let count): words.append("demand of \(count)")
    case .oneByOne: words.append("demand of one")
    case .overflowing: words.append("more demand than a number can say")
    case .random(let seed): words.append("random demand (seed \(seed))")
    }
    switch stop {
    case .never: break
    case .inElement(0): words.append("cancelled before any demand")
    case .inElement(let place): words.append("cancelled in element \(place)")
    case .before(let time): words.append("cancelled at the beginning of millisecond \(time)")
    case .after(let time): words.append("cancelled at the end of millisecond \(time)")
    }
    if misbehaviour.contains(.stutters) { words.append("a source that stutters") }
    if misbehaviour.contains(.signalsAfterEnd) { words.append("a source that does not end with its end") }
    if begins > 0 { words.append("begun at millisecond \(begins)") }
    if let failingCall { words.append("call \(failingCall) of a closure throws") }
    return words.joined(separator: ", ")
  }

  /// Another scene, of which only a few things are different.
  func with(_ change: (inout LawScene) -> Void) -> LawScene {
    var copy = self
    change(&copy)
    return copy
  }

  /// The rule that is broken when what was asked for does not come.
  var demandRule: String {
    switch demand {
    case .oneByOne: "3.2"
    case .overflowing: "3.17"
    case .unlimited, .exactly, .random: "3.8"
    }
  }

  /// What the source does. Its elements are 1, 2, 3 and so on.
  var script: SourceScript<Int> {
    let ending: Poll? =
      switch self.ending {
      case .finished: .finished
      case .failed: .failed(MarbleError())
      case .open: nil
      }
    let all = Array(1..<(elements + 1))
    switch pace {
    case .atOnce:
      return SourceScript(moments: [.init(offset: .zero, elements: all, ending: ending)])
    case .everyMillisecond:
      var moments = all.map { SourceScript.Moment(offset: .milliseconds($0), elements: [$0], ending: nil) }
      moments.append(.init(offset: .milliseconds(elements + 1), elements: [], ending: ending))
      return SourceScript(moments: moments)
    case .random(let seed):
      var dice = Dice(seed: seed)
      var offset = 0
      var moments: [SourceScript<Int>.Moment] = []
      for element in all {
        offset += dice.roll(3)
        moments.append(.init(offset: .milliseconds(offset), elements: [element], ending: nil))
      }
      moments.append(.init(offset: .milliseconds(offset + dice.roll(2)), elements: [], ending: ending))
      return SourceScript(moments: moments)
    }
  }

  /// For how long time goes on: the longest deadline in a row and all that follows from it.
  static let length = Duration.milliseconds(300)
}

/// Numbers that look random and are the same every time.
struct Dice {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A number from zero to `sides - 1`.
  mutating func roll(_ sides: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(sides))
  }
}
