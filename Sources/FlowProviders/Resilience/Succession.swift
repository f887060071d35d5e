// One answer out of several attempts, one after another.
import Flows

/// What follows an attempt that has failed.
enum Sequel {
  /// Another attempt, after a wait. What is said of it comes before.
  case attempt(Flow<ChatEvent>, by: String, after: Duration, saying: Warning)
  case fail(ProviderError)
}

/// Who decides that; made for each run.
protocol SuccessionPlan: SendableMetatype {
  /// The first attempt, and who is asked.
  mutating func first() -> (flow: Flow<ChatEvent>, provider: String)
  mutating func sequel(to error: ProviderError, after progress: AnswerProgress, at now: FlowInstant) -> Sequel
  /// An attempt has failed; what was waited then stands in it.
  func note(_ attempt: ProviderError.Attempt)
}

extension Flow where Element == ChatEvent {
  /// The answer of the attempts that a plan makes.
  ///
  /// - Parameter isContinued: whether what was said may be gone on with.
  static func succession<Plan: SuccessionPlan>(
    isContinued: Bool, _ plan: @escaping @Sendable (FlowContext) -> Plan
  ) -> Flow {
    Flow { context in
      let succession = Succession(plan(context), Stitch(isContinued: isContinued), in: context)
      return { room in succession.poll(&room) }
    }
  }
}

/// The memory of one run. One object, which only the driver of the run touches.
private final class Succession<Plan: SuccessionPlan> {
  private let context: FlowContext
  private var plan: Plan
  private var stitch: Stitch
  private var upstream: Upstream<ChatEvent>
  /// Most runs never wait.
  private var alarm: Alarm?
  private var isWaiting = false
  private var next: (flow: Flow<ChatEvent>, provider: String)?
  private var provider = ""
  private var start = FlowInstant(nanoseconds: 0)
  private var attempts: [ProviderError.Attempt] = []
  private var isStarted = false
  private var ending: Poll?
  private var made: [ChatEvent] = []
  private let held: Held<ChatEvent>

  init(_ plan: Plan, _ stitch: Stitch, in context: FlowContext) {
    self.context = context
    self.plan = plan
    self.stitch = stitch
    upstream = Upstream(context)
    held = Held(context)
  }

  func poll(_ room: inout Chunk<ChatEvent>) -> Poll {
    let isProgress = room.isFull
    held.drain(into: &room)
    if !held.isEmpty || room.isFull && !isProgress { return .more }
    if let ending { return ending }
    if !isStarted {
      if isProgress { return .more }
      isStarted = true
      begin(plan.first())
    }
    if let next {
      if isWaiting, alarm?.isDue == false { return .pending }
      alarm?.clear()
      isWaiting = false
      self.next = nil
      begin(next)
    }
    let poll = ask(room.room)
    switch poll {
    case .more, .pending: break
    case .finished: ending = .finished
    case .failed(let error): fail(ProviderError(wrapping: error))
    }
    deliver(into: &room)
    if !held.isEmpty || ending == nil && room.isFull && !isProgress { return .more }
    return ending ?? (poll.isTerminal ? .more : poll)
  }

  private func begin(_ attempt: (flow: Flow<ChatEvent>, provider: String)) {
    provider = attempt.provider
    start = context.now
    upstream.start(attempt.flow)
  }

  private func ask(_ count: Int) -> Poll {
    Chunk<ChatEvent>.scratch(count) { events in
      let poll = upstream.poll(&events)
      while let event = events.next() { stitch.take(event, into: &made) }
      return poll
    }
  }

  private func deliver(into room: inout Chunk<ChatEvent>) {
    for event in made {
      if held.isEmpty, !room.isFull { room.append(event) } else { held.append(event) }
    }
    made.removeAll(keepingCapacity: true)
  }

  private func fail(_ error: ProviderError) {
    let now = context.now
    var own = error
    own.attempts = []
    var attempt = ProviderError.Attempt(provider: provider, start: start, end: now, failure: own)
    switch plan.sequel(to: error, after: stitch.progress, at: now) {
    case .attempt(let flow, let provider, let delay, let warning):
      attempt.wait = delay
      attempts.append(attempt)
      stitch.seam(after: error, into: &made)
      stitch.take(.warning(warning), into: &made)
      next = (flow, provider)
      if delay > .zero {
        let alarm = alarm ?? context.alarm()
        alarm.set(at: now.advanced(by: delay))
        isWaiting = true
        self.alarm = alarm
      }
    case .fail(let error):
      attempts.append(attempt)
      stitch.breakOff(into: &made)
      var error = error
      // Those within it belong to the last attempt.
      error.attempts = attempts.dropLast() + (error.attempts.isEmpty ? [attempt] : error.attempts)
      error.emitted = stitch.emitted
      error.emitted.usage = stitch.used(with: own) ?? error.emitted.usage
      ending = .failed(error)
    }
    plan.note(attempt)
  }
}
