// A plan carried out in virtual time, beside its model.
@testable import FlowTesting
import Flows

/// What was wrong with one run.
// Everything happens on one thread, that of the virtual time.
final class ModelRun: @unchecked Sendable {
  private let plan: ModelPlan
  private let time = VirtualTime()
  private let live = LiveCount()
  private let log = SourceLog("source")
  private var recording: Recording<Ball>?
  private var discarded = 0
  private var count = 0
  private var quietFrom: Int?
  private(set) var faults: [String] = []

  private init(_ plan: ModelPlan) { self.plan = plan }

  /// The faults of a run; none when it did what its model does.
  static func faults(of plan: ModelPlan) -> [String] {
    let run = ModelRun(plan)
    run.perform()
    run.recording = nil
    // What is planned for later holds what it would have said.
    run.time.advance(by: .seconds(1))
    if run.live.live != 0 { run.faults.append("\(run.live.live) elements are still held") }
    return run.faults
  }

  private func perform() {
    subscribe()
    schedule()
    time.advance(by: .seconds(600))
    guard let recording else { return }
    let came = recording.elements.map(\.value)
    let expected = plan.model
    if recording.end != nil {
      expect(came == expected.elements, "came \(came) instead of \(expected.elements)")
      expect(recording.end?.isFailure == expected.fails, "ended with \(recording.end!)")
    } else if quietFrom != nil {
      expect(
        expected.elements.starts(with: came), "came \(came), which is no beginning of \(expected.elements)")
    } else {
      expect(false, "did not end; came \(came) of \(expected.elements)")
      cancel()
    }
    if let quietFrom { expect(recording.events.count == quietFrom, "something came after the cancellation") }
    faults += recording.violations + log.violations
    expect(log.now.stages == 0, "a stage of the source is still held")
    expect(time.pendingTimers == 0, "\(time.pendingTimers) timers are set")
    if plan.isOneToOne {
      expect(
        log.now.sent == came.count + discarded,
        "\(log.now.sent) elements were taken, \(came.count) came, and \(discarded) were discarded")
    }
  }

  /// In a function of its own: nobody holds the flow when it returns.
  private func subscribe() {
    let place = ModelPlace(time: time, live: live)
    let flow = time.asDefault {
      plan.steps.reduce(source) { $1.made.flow($0, $1.number, place) }
        .onDiscard(of: (any Sendable).self) { [weak self] value, _ in
          if Self.isElement(value) { self?.discarded += 1 }
        }
    }
    let first: FlowDemand = if case .unlimited = plan.demand { .unlimited } else { .none }
    recording = Recording(flow, time, first) { [weak self] in self?.react($0) }
    // The first elements come while the recording is being made.
    if case .inElement(let place) = plan.stop, count >= place { cancel() }
  }

  private var source: Flow<Ball> {
    let balls = plan.values.map { Ball($0, live) }
    let ending: Poll = plan.fails ? .failed(MarbleError()) : .finished
    guard let gap = plan.gap else {
      return SourceScript(moments: [.init(offset: .zero, elements: balls, ending: ending)]).flow(
        log, in: time)
    }
    var moments = balls.enumerated().map { offset, ball in
      SourceScript.Moment(offset: .milliseconds(gap * offset), elements: [ball], ending: nil)
    }
    moments.append(.init(offset: .milliseconds(gap * balls.count), elements: [], ending: ending))
    return SourceScript(moments: moments).flow(log, in: time)
  }

  private func schedule() {
    if case .at(let millisecond) = plan.stop {
      time.at(.milliseconds(millisecond)) { [weak self] in self?.cancel() }
    }
    switch plan.demand {
    case .unlimited: break
    case .oneByOne: recording?.request(1)
    case .at(let requests):
      for request in requests {
        time.at(.milliseconds(request.millisecond)) { [weak self] in self?.recording?.request(request.count) }
      }
      time.at(.seconds(1)) { [weak self] in self?.recording?.request(.max) }
    }
  }

  private func react(_ recording: Recording<Ball>) {
    if recording.end != nil { return checkLetGo("its end was seen") }
    count += 1
    if case .inElement(count) = plan.stop { return cancel() }
    if case .oneByOne = plan.demand { recording.request(1) }
  }

  private func cancel() {
    guard let recording, !recording.isOver else { return }
    recording.cancel()
    quietFrom = recording.events.count
    checkLetGo("it was cancelled")
    recording.cancel()
    recording.request(1)
  }

  private func checkLetGo(_ when: String) {
    expect(log.now.active == 0, "\(when), and its source is still subscribed to")
    expect(time.pendingTimers == 0, "\(when), and \(time.pendingTimers) timers are set")
  }

  /// Ends that nobody hears are handed over, too.
  private static func isElement(_ value: any Sendable) -> Bool {
    if let event = value as? FlowEvent<Ball> { return if case .element = event { true } else { false } }
    return !(value is any Error)
  }

  private func expect(_ isTrue: Bool, _ fault: @autoclosure () -> String) {
    if !isTrue { faults.append(fault()) }
  }
}

extension FlowEnd {
  fileprivate var isFailure: Bool { if case .failed = self { true } else { false } }
}
