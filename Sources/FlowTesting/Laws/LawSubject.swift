// An operator, and all that is tried with it.
import Flows

/// What a row is about, with the type of its elements.
struct LawSubject<Output: Sendable>: Sendable {
  let name: String
  let hasSource: Bool
  let asks: LawRow.Asking
  let delivers: LawRow.Delivery
  let failures: LawRow.Failures
  let ends: LawRow.Ending
  let runs: LawRow.Runs
  let depth: LawRow.Depth
  /// It delivers as many elements as it takes: found out by a plain run.
  var isOneToOne = false
  let build: @Sendable (Flow<Int>, LawProbe) -> Flow<Output>

  private var countingElements: LawSubject {
    guard hasSource, ends != .never, delivers != .someElements else { return self }
    var subject = self
    subject.isOneToOne = LawStage.run(self, LawScene()).elements.count == LawScene().elements
    return subject
  }

  func breaches(depth: Int) -> [LawBreach] {
    let trial = LawTrial(subject: countingElements)
    trial.tryPlainRuns()
    trial.tryDemand()
    trial.tryCancellation()
    trial.tryThrowingClosures()
    if hasSource {
      trial.tryFailingSource()
      trial.tryStrangeSources()
      if self.depth == .million, trial.breaches.isEmpty { trial.tryDepth(of: depth) }
    }
    return trial.breaches
  }
}

/// The trial of one operator: it runs scenes, and collects what they break.
final class LawTrial<Output: Sendable> {
  let subject: LawSubject<Output>
  private(set) var breaches: [LawBreach] = []

  init(subject: LawSubject<Output>) { self.subject = subject }

  /// The scene that the others are variants of: all there is, at once.
  var plain: LawScene {
    var scene = LawScene()
    if subject.ends == .never { scene.demand = .exactly(LawStage<Output>.enough) }
    return scene
  }

  /// The ways in which a source can be paced.
  var paces: [LawScene.Pace] { subject.hasSource ? [.atOnce, .everyMillisecond] : [.atOnce] }

  /// Runs a scene and keeps what it broke.
  func run(_ scene: LawScene) -> LawReport {
    let report = LawStage.run(subject, scene)
    for breach in report.breaches where !breaches.contains(breach) { breaches.append(breach) }
    return report
  }

  func breach(_ rule: String, _ scene: LawScene, _ text: String) {
    breaches.append(LawBreach(rule: rule, name: subject.name, scene: scene.description, text: text))
  }

  /// Says so when two runs that differ in something that must not matter did not deliver the same.
  func expectSame(_ report: LawReport, as other: LawReport, _ rule: String, _ scene: LawScene, _ why: String)
  {
    let isSame =
      switch subject.delivers {
      case .everyElement: report.elements == other.elements
      case .inAnyOrder: report.elements.sorted() == other.elements.sorted()
      case .someElements: true
      }
    if !isSame { breach(rule, scene, "delivered \(report.elements), \(why) \(other.elements)") }
    if report.ending != other.ending {
      breach(rule, scene, "ended with \(report.ending ?? "nothing"), \(why) \(other.ending ?? "nothing")")
    }
  }
}

extension LawTrial {
  /// 1.2, 1.5, 1.10, 1.11, 2.9, S6, S7: it ends when its source does, needs no demand for that, and does the same
  /// each time.
  func tryPlainRuns() {
    for pace in paces {
      for elements in subject.hasSource ? [10, 1, 0] : [10] {
        let scene = plain.with {
          $0.pace = pace
          $0.elements = elements
        }
        let report = run(scene)
        if report.ending == nil, subject.ends != .never { breach("1.5", scene, "did not end") }
        if report.ending != nil, subject.ends == .never {
          breach("1.5", scene, "ended, though it never does")
        }
        let again = run(scene)
        if again.elements != report.elements || again.ending != report.ending {
          breach(
            "1.10", scene, "delivered \(again.elements) in its second run, \(report.elements) in its first")
        }
        tryLater(scene, report)
        guard subject.ends != .never else { continue }
        tryAbundance(scene, report)
        guard subject.ends == .withItsSource else { continue }
        expectEndWithoutDemand(report, scene, elements == 0 ? "2.9" : "S7")
      }
      tryTwice(plain.with { $0.pace = pace })
    }
  }

  /// S6: who asks another clock than that of the run does something else when time has gone on.
  private func tryLater(_ scene: LawScene, _ report: LawReport) {
    let later = scene.with { $0.begins = 1_000_003 }
    let other = run(later)
    if other.times != report.times || other.ending != report.ending {
      breach("S6", later, "delivered at \(other.times), begun at the beginning of time at \(report.times)")
    }
  }

  /// 1.2: asked for more than there is, it delivers what there is and ends.
  private func tryAbundance(_ scene: LawScene, _ report: LawReport) {
    let abundant = scene.with { $0.demand = .exactly(report.elements.count + 5) }
    let other = run(abundant)
    if other.ending == nil { breach("1.2", abundant, "waits for more than there is") }
    expectSame(other, as: report, "1.2", abundant, "with unlimited demand")
  }

  /// 1.10, 1.11: two runs at a time have to do with each other what the row says.
  private func tryTwice(_ scene: LawScene) {
    let alone = run(scene)
    for report in LawStage.runTwice(subject, scene) {
      // What is shared may be over before the second run begins, when all is there at once.
      if subject.runs == .shared, case .atOnce = scene.pace { continue }
      let expected = (subject.runs == .shared ? 1 : 2) * alone.subscriptions
      if report.subscriptions != expected {
        breach(
          "1.11", scene, "ran its source \(report.subscriptions) times for two runs instead of \(expected)")
      }
      if subject.runs == .shared { continue }
      expectSame(report, as: alone, "1.10", scene, "while another run of the same flow went on, and alone")
    }
  }

  /// When what is delivered has been asked for, the end needs no more demand; unless the source has elements left,
  /// of which nobody can know that they will not pass.
  private func expectEndWithoutDemand(_ report: LawReport, _ scene: LawScene, _ rule: String) {
    let exact = scene.with { $0.demand = .exactly(report.elements.count) }
    let report = run(exact)
    if report.ending == nil, report.isSourceEmpty { breach(rule, exact, "waited for demand before it ended") }
  }

  /// 1.1, 3.2, 3.8, 3.17, S4: what is asked for comes, and demand does not change what it is.
  func tryDemand() {
    var scenes = paces.map { pace in
      plain.with {
        $0.pace = pace
        $0.demand = .oneByOne
      }
    }
    scenes += [1, 2, 3].map { (seed: UInt64) in
      plain.with {
        $0.pace = subject.hasSource ? .random(seed) : .atOnce
        $0.demand = .random(seed)
      }
    }
    if subject.ends != .never { scenes.append(plain.with { $0.demand = .overflowing }) }
    for scene in scenes {
      let report = run(scene)
      if subject.ends == .never { continue }
      if report.ending == nil { breach(scene.demandRule, scene, "did not deliver all that was asked for") }
      let unlimited = run(scene.with { $0.demand = .unlimited })
      expectSame(report, as: unlimited, "S4", scene, "with unlimited demand")
    }
    for pace in paces {
      _ = run(
        plain.with {
          $0.pace = pace
          $0.demand = .exactly(0)
        })
    }
  }

  /// 1.8, 3.5 to 3.7, 3.12, 3.13, S5: cancelled anywhere, it is quiet and lets everything go.
  func tryCancellation() {
    for pace in paces {
      let scene = plain.with { $0.pace = pace }
      let count = run(scene).elements.count
      for place in Set([0, 1, 2, 3, count / 2, count - 1, count]).sorted() where (0...count).contains(place) {
        _ = run(scene.with { $0.stop = .inElement(place) })
        _ = run(
          scene.with {
            $0.stop = .inElement(place)
            $0.ending = .open
          })
      }
      for time in 0...14 {
        _ = run(scene.with { $0.stop = .before(time) })
        _ = run(scene.with { $0.stop = .after(time) })
        _ = run(
          scene.with {
            $0.stop = .after(time)
            $0.demand = .random(UInt64(time))
            $0.misbehaviour = .ignoresCancellation
          })
      }
    }
  }

  /// 2.13: what a closure throws ends the flow, after what was delivered before.
  func tryThrowingClosures() {
    for demand in [plain.demand, .oneByOne] {
      for pace in paces {
        for ending in [LawScene.Ending.finished, .failed] {
          let scene = plain.with {
            $0.pace = pace
            $0.demand = demand
            $0.ending = ending
          }
          let whole = run(scene)
          for call in 1...4 where call <= whole.calls { tryFailure(of: call, scene, whole) }
        }
      }
    }
  }

  private func tryFailure(of call: Int, _ scene: LawScene, _ whole: LawReport) {
    let failing = scene.with { $0.failingCall = call }
    let report = run(failing)
    if subject.failures == .handledAll { return }
    if !(report.failure is LawFailure) {
      breach("2.13", failing, "ended with \(report.ending ?? "nothing") instead of the error")
    }
    expectBeginning(report, of: whole, "2.13", failing)
  }

  private func expectBeginning(_ report: LawReport, of whole: LawReport, _ rule: String, _ scene: LawScene) {
    if subject.delivers == .everyElement, !whole.elements.starts(with: report.elements) {
      breach(rule, scene, "delivered \(report.elements), without the failure \(whole.elements)")
    }
  }

  /// 1.4, 2.10, 4.2, S3: a failure of the source is passed on, after what was accepted.
  func tryFailingSource() {
    for pace in paces {
      for elements in [10, 1, 0] {
        let scene = plain.with {
          $0.pace = pace
          $0.elements = elements
          $0.ending = .failed
        }
        let report = run(scene)
        let open = run(scene.with { $0.ending = .open })
        if ![.passedOn, .overtaking].contains(subject.failures) || open.ending != nil { continue }
        if report.ending == nil {
          breach("1.4", scene, "fell silent when its source failed")
        } else if !(report.failure is MarbleError) {
          breach(
            "4.2", scene, "ended with \(report.ending ?? "nothing") instead of the failure of its source")
        }
        expectBeginning(report, of: run(scene.with { $0.ending = .finished }), "S3", scene)
        if subject.delivers == .everyElement, subject.failures == .passedOn,
          !report.elements.starts(with: open.elements)
        {
          breach("S3", scene, "delivered \(report.elements) before the failure, without it \(open.elements)")
        }
        if subject.ends == .withItsSource { expectEndWithoutDemand(report, scene, "2.10") }
      }
    }
  }

  /// 1.3, 1.7, 2.8: what a source does that it need not, or must not, do makes no difference.
  func tryStrangeSources() {
    for pace in paces {
      let scene = plain.with { $0.pace = pace }
      let whole = run(scene)
      for misbehaviour: Misbehaviour in [[.stutters, .wakesWithoutReason], [.signalsAfterEnd]] {
        let strange = scene.with { $0.misbehaviour = misbehaviour }
        expectSame(run(strange), as: whole, "2.8", strange, "of a plain source")
      }
    }
  }

  /// 3.3: neither elements nor requests pile up on the stack.
  func tryDepth(of depth: Int) {
    for (count, isOneByOne) in [(depth, false), (depth / 10, true)] {
      if LawStage.endsDeep(subject, count, isOneByOne) || subject.ends == .never { continue }
      breaches.append(
        LawBreach(
          rule: "3.3", name: subject.name,
          scene: "\(count) elements at once" + (isOneByOne ? ", demand of one" : ""),
          text: "did not end"))
    }
  }
}
