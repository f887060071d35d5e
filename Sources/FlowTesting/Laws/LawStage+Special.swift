// Runs that need more than one consumer, or more elements than can be written down.
import Flows

extension LawStage {
  /// Runs one flow twice at the same time.
  static func runTwice(_ subject: LawSubject<Output>, _ scene: LawScene) -> [LawReport] {
    let time = VirtualTime()
    let log = SourceLog("source")
    let flow = time.asDefault {
      subject.build(
        scene.script.flow(log, in: time),
        LawProbe(LawProbeState(failingCall: nil), LiveCount(), time))
    }
    let demand: FlowDemand =
      if case .exactly(let count) = scene.demand { FlowDemand(count) } else { .unlimited }
    let recordings = [flow.record(in: time, demand: demand), flow.record(in: time, demand: demand)]
    time.advance(by: LawScene.length)
    return recordings.map { recording in
      var report = LawReport(elements: recording.elements.map { String(describing: $0) })
      switch recording.end {
      case .finished: report.ending = "completion"
      case .failed(let error): report.ending = "failure (\(error))"
      case nil: break
      }
      report.subscriptions = log.now.subscriptions
      return report
    }
  }

  /// Sends so many elements through an operator. False when it did not end.
  static func endsDeep(_ subject: LawSubject<Output>, _ count: Int, _ isOneByOne: Bool) -> Bool {
    let time = VirtualTime()
    let consumer = DeepConsumer(asksFor: 4 * count)
    let flow = time.asDefault {
      subject.build(.from(1...count), LawProbe(LawProbeState(failingCall: nil), LiveCount(), time))
    }
    let first: FlowDemand = isOneByOne ? .none : subject.ends == .never ? FlowDemand(count) : .unlimited
    let subscription = time.asDefault {
      flow.scheduler(time).subscribe(demand: first) { _ in
        consumer.askForOne()
      } onEnd: { _ in
        consumer.end()
      }
    }
    if isOneByOne {
      consumer.subscription = subscription
      time.asDefault { consumer.askForOne() }
    }
    time.advance(by: LawScene.length)
    consumer.subscription = nil
    return consumer.hasEnded
  }
}

/// Asks for one more with every element, so many times. Everything happens on one thread.
private final class DeepConsumer: @unchecked Sendable {
  var subscription: FlowSubscription?
  private(set) var hasEnded = false
  private var left: Int

  init(asksFor count: Int) { left = count }

  func askForOne() {
    guard left > 0, let subscription else { return }
    left -= 1
    subscription.request(1)
  }

  func end() { hasEnded = true }
}
