// One run of an operator under the laws, and what is seen of it.
import Flows

/// What came of one run.
struct LawReport: Sendable {
  var elements: [String] = []
  /// `finished`, `failed: ...`, or `nil` when it did not end by itself.
  var ending: String?
  var failure: (any Error)?
  /// Calls of a closure that can throw.
  var calls = 0
  /// The source has been asked for all that it has.
  var isSourceEmpty = false
  /// How often the source was run.
  var subscriptions = 0
  /// When what came, since the beginning.
  var times: [Duration] = []
  var breaches: [LawBreach] = []
}

/// Runs an operator as a scene says, and watches it.
///
/// Everything happens on one thread, in virtual time; the lock guards the breaches.
final class LawStage<Output: Sendable>: @unchecked Sendable {
  private let subject: LawSubject<Output>
  private let scene: LawScene
  private let time = VirtualTime()
  private let probe: LawProbeState
  private let live = LiveCount()
  private let lock = Lock()
  private var breaches: [LawBreach] = []
  private var recording: Recording<Output>?
  private var firstDemand = 0
  private var count = 0
  private var quietFrom: Int?
  /// Guarded by the lock.
  private var discards = 0
  private var dice: Dice

  init(_ subject: LawSubject<Output>, _ scene: LawScene) {
    self.subject = subject
    self.scene = scene
    probe = LawProbeState(failingCall: scene.failingCall)
    if case .random(let seed) = scene.demand { dice = Dice(seed: seed) } else { dice = Dice(seed: 0) }
  }

  static var enough: Int { 40 }

  static func run(_ subject: LawSubject<Output>, _ scene: LawScene) -> LawReport {
    LawStage(subject, scene).run()
  }

  private func run() -> LawReport {
    let log = SourceLog("source") { [weak self] in self?.checkRequest(of: $0) }
    time.advance(by: .milliseconds(scene.begins))
    let beginning = time.now
    subscribe(log)
    plan(log)
    time.advance(by: LawScene.length)
    var report = LawReport(calls: probe.count)
    guard let recording else { return report }
    report.isSourceEmpty =
      !subject.hasSource || log.now.sent >= scene.elements * max(1, log.now.subscriptions)
    report.subscriptions = log.now.subscriptions
    report.times = recording.events.map { beginning.duration(to: $0.instant) }
    report.elements = recording.elements.map { String(describing: $0) }
    switch recording.end {
    case .finished: report.ending = "completion"
    case .failed(let error):
      report.ending = "failure (\(error))"
      report.failure = error
    case nil: break
    }
    if !recording.isOver { cancel(log) }
    if let quietFrom, recording.events.count > quietFrom {
      breach("1.8", "\(recording.events[quietFrom]) came after the cancellation")
    }
    time.advance(by: .zero)
    checkLoss(log, delivered: recording.elements.count)
    for violation in recording.violations + log.violations { breach(violation) }
    if log.now.stages > 0 { breach("3.13", "the run is over, and a stage of the source is still held") }
    if live.live > 0 { breach("3.13", "the run is over, and \(live.live) closures are still held") }
    report.breaches = lock(self) { breaches }
    return report
  }

  /// In a function of its own: nobody holds the flow when it returns.
  private func subscribe(_ log: SourceLog) {
    let source = scene.script.flow(log, in: time, scene.misbehaviour)
    let flow = time.asDefault { subject.build(source, LawProbe(probe, live, time)) }
      .onDiscard(of: (any Sendable).self) { [weak self] _, _ in self?.noteDiscard() }
    if log.now.subscriptions > 0 { breach("1.9", "ran its source while it was made") }
    if probe.count > 0 { breach("1.9", "called a closure while it was made") }
    let first: FlowDemand =
      switch (scene.stop, scene.demand) {
      case (.inElement, _): .none
      case (_, .unlimited): .unlimited
      case (_, .exactly(let count)): FlowDemand(count)
      case (_, .oneByOne), (_, .overflowing): .none
      case (_, .random): FlowDemand(dice.roll(4))
      }
    firstDemand = first.count
    recording = Recording(flow, time, first) { [weak self] recording in self?.react(recording, log) }
  }

  /// What the consumer does besides reacting.
  private func plan(_ log: SourceLog) {
    switch scene.demand {
    case .unlimited: if case .inElement(1...) = scene.stop { recording?.request(.max) }
    case .exactly: break
    case .overflowing: for _ in 0..<3 { recording?.request(.max - 1) }
    case .oneByOne: if case .inElement(0) = scene.stop {} else { recording?.request(1) }
    case .random:
      for offset in 0..<200 {
        let count = dice.roll(4)
        if count > 0 { time.at(.milliseconds(offset)) { [weak self] in self?.recording?.request(count) } }
      }
    }
    switch scene.stop {
    case .never, .inElement(1...): break
    case .inElement: cancel(log)
    case .before(let offset): time.at(.milliseconds(offset)) { [weak self] in self?.cancel(log) }
    case .after(let offset):
      time.at(.milliseconds(offset)) { [weak self, time] in time.execute { [weak self] in self?.cancel(log) }
      }
    }
  }

  private func react(_ recording: Recording<Output>, _ log: SourceLog) {
    if recording.end != nil { return checkLetGo(log, "2.6", "its end has been seen") }
    count += 1
    if case .inElement(count) = scene.stop { return cancel(log) }
    // A source without end is asked for some of it only.
    if case .oneByOne = scene.demand, count < Self.enough { recording.request(1) }
  }

  /// Cancels, once more, and asks for more, all of which must be quiet.
  private func cancel(_ log: SourceLog) {
    guard let recording, !recording.isOver else { return }
    recording.cancel()
    quietFrom = recording.events.count
    checkLetGo(log, "3.12", "it was cancelled")
    recording.cancel()
    recording.request(1)
  }

  private func noteDiscard() { lock(self) { discards += 1 } }

  /// An operator of which one element comes for each that it takes, loses none without saying so.
  private func checkLoss(_ log: SourceLog, delivered: Int) {
    let discards = lock(self) { self.discards }
    let sent = log.now.sent
    // The element that a closure has thrown at was in the hands of the user.
    let refused = scene.failingCall == nil ? 0 : 1
    guard subject.isOneToOne, sent > delivered + discards + refused else { return }
    breach(
      "S4", "took \(sent) elements, delivered \(delivered), and discarded \(discards): the others are lost")
  }

  private func checkLetGo(_ log: SourceLog, _ rule: String, _ when: String) {
    if log.now.active > 0 { breach(rule, "\(when), and its source is still subscribed to") }
    if time.pendingTimers > 0 { breach("S5", "\(when), and \(time.pendingTimers) timers are set") }
  }

  /// The source is lent room for so many elements.
  private func checkRequest(of lent: Int) {
    if let recording, recording.isOver {
      if recording.end != nil { return breach("1.6", "polled its source after its own end") }
      return breach("1.8", "polled its source after it was cancelled")
    }
    // The first turn comes while the recording is being made.
    let outstanding = recording?.outstanding ?? firstDemand
    if outstanding == .max { return }
    let allowed: Int
    switch subject.asks {
    case .whatIsAsked: allowed = outstanding
    case .ahead(let count): allowed = outstanding.addingRoom(count)
    case .times(let count):
      let (product, isBeyond) = outstanding.multipliedReportingOverflow(by: count)
      allowed = isBeyond ? .max : product
    case .withoutLimit: return
    }
    if lent > allowed { breach("S1", "asked for \(lent) elements while \(outstanding) were asked of it") }
  }

  private func breach(_ rule: String, _ text: String) {
    lock(self) {
      breaches.append(LawBreach(rule: rule, name: subject.name, scene: scene.description, text: text))
    }
  }

  /// A violation names its rule at its end.
  private func breach(_ violation: String) {
    let rule = violation.split(separator: " ").last.map { $0.filter { $0.isNumber || $0 == "." } } ?? "1.1"
    breach(rule, violation)
  }
}
