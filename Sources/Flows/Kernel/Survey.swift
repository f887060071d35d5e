// What a run consists of, at one moment.

/// A resource that has something to say about itself. Any thread, under no lock.
protocol Surveyed {
  var survey: [FlowSnapshot.Part] { get }
}

extension Scope {
  /// What it owns, from the consumer to the sources.
  final var surveyOfResources: [FlowSnapshot.Part] {
    resources.flatMap { ($0 as? any Surveyed)?.survey ?? [] }
  }
}

/// A place with a name.
final class Landmark: Resource, Surveyed, @unchecked Sendable {
  private let checkpoint: FlowCheckpoint
  init(_ checkpoint: FlowCheckpoint) { self.checkpoint = checkpoint }
  var survey: [FlowSnapshot.Part] { [.checkpoint(checkpoint)] }
}

extension Mailbox: Surveyed {
  var survey: [FlowSnapshot.Part] {
    let (waiting, demand) = lock(self) { (queue.count, self.demand) }
    return [
      .buffer(waiting: waiting, capacity: capacity == .max ? nil : capacity, asked: FlowDemand(demand))
    ]
  }
}

extension Rendezvous: Surveyed {
  var survey: [FlowSnapshot.Part] {
    let (waiting, demand) = crowding
    return [.buffer(waiting: waiting, capacity: 0, asked: FlowDemand(demand))]
  }
}

extension Outlet: Surveyed {
  var survey: [FlowSnapshot.Part] {
    let (waiting, demand) = hub.lock(hub) { (queue.count, lent) }
    return [.buffer(waiting: waiting, capacity: hub.rule.capacity, asked: FlowDemand(demand))]
  }
}

extension RunLink: Surveyed {
  var survey: [FlowSnapshot.Part] { [.run(run.surveyOfResources)] }
}

extension Child: Surveyed {
  var survey: [FlowSnapshot.Part] { [.part(surveyOfResources)] }
}

extension Part: Surveyed {
  var survey: [FlowSnapshot.Part] { surveyOfResources }
}

extension Alarm: Surveyed {
  var survey: [FlowSnapshot.Part] { (isRinging ? [.timer] : []) + surveyOfResources }
}
