// The consumer of a diagram: it subscribes, lends, cancels, and watches what is let go.
import Flows

/// One run of the operator that a diagram is about.
// Everything happens on the thread that drives `time`.
final class MarbleScene<Output: Sendable>: @unchecked Sendable {
  private let flow: Flow<Output>
  private let time: VirtualTime
  private let logs: [SourceLog]
  private var recording: Recording<Output>?
  private(set) var cancelledAt: FlowInstant?
  private(set) var complaints: [String] = []

  init(_ flow: Flow<Output>, _ time: VirtualTime, _ logs: [SourceLog]) {
    self.flow = flow
    self.time = time
    self.logs = logs
  }

  var events: [Recording<Output>.Event] { recording?.events ?? [] }

  /// Something may still come.
  var isLive: Bool { recording?.isOver == false && !time.isIdle }

  /// Does what the diagram says, to its last frame.
  func play(_ diagram: MarbleDiagram) throws {
    let amounts = try diagram.demand?.amounts() ?? [(diagram.start, .max)]
    let first = amounts.filter { $0.frame <= diagram.start }.reduce(0) { $0.addingRoom($1.count) }
    time.at(.milliseconds(diagram.start)) { [self] in subscribe(FlowDemand(first)) }
    for (frame, count) in amounts where frame > diagram.start {
      time.at(.milliseconds(frame)) { [self] in recording?.request(count) }
    }
    if let frame = diagram.cancellation {
      // Behind all that was planned for this frame.
      time.at(.milliseconds(frame)) { [self] in time.execute { [self] in cancel() } }
    }
    time.advance(by: .milliseconds(max(0, diagram.length - 1)))
  }

  /// Lets everything go. What is held nevertheless is a complaint.
  func close() {
    if recording?.isOver == false {
      recording?.cancel()
      noteWhatIsHeld(by: "a cancelled run")
    }
    complaints += recording?.violations ?? []
    recording = nil
    // Tasks that were cancelled come to their end.
    time.advance(by: .zero)
    for log in logs where log.now.stages > 0 {
      complaints.append("\(log.name): \(log.now.stages) of its stages are still held by an ended run")
    }
  }

  private func subscribe(_ demand: FlowDemand) {
    recording = Recording(flow, time, demand) { [weak self] recording in
      if recording.end != nil { self?.noteWhatIsHeld(by: "a run whose end has been seen") }
    }
  }

  private func cancel() {
    guard let recording, !recording.isOver else { return }
    cancelledAt = time.now
    recording.cancel()
    noteWhatIsHeld(by: "a cancelled run")
  }

  private func noteWhatIsHeld(by whom: String) {
    for log in logs where log.now.active > 0 {
      complaints.append("\(log.name): \(log.now.active) subscriptions are still alive in \(whom)")
    }
    if time.pendingTimers > 0 {
      complaints.append("\(time.pendingTimers) timers are still set in \(whom)")
    }
  }
}
