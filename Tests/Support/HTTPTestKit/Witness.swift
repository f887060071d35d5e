// A consumer whose test waits for what comes.
import Flows

/// Runs a flow in real time and writes down what comes, from whatever thread. Let go, it cancels.
public final class Witness<Element: Sendable>: Sendable {
  public struct Seen: Sendable {
    public var elements: [Element] = []
    public var end: FlowEnd?

    /// The failure, when it is of this type.
    public func failure<E: Error>(_ type: E.Type = E.self) -> E? {
      if case .failed(let error) = end { error as? E } else { nil }
    }

    public var isFinished: Bool { if case .finished = end { true } else { false } }
  }

  public let seen: Watched<Seen>
  public let subscription: FlowSubscription

  /// - Parameter time: the scheduler of the run; real time when it is `nil`.
  public init(_ flow: Flow<Element>, demand: FlowDemand = .unlimited, in time: (any FlowScheduler)? = nil) {
    let seen = Watched(Seen())
    self.seen = seen
    let flow = time.map { flow.scheduler($0) } ?? flow
    subscription = flow.subscribe(demand: demand) { element in
      seen.change { $0.elements.append(element) }
    } onEnd: { end in
      seen.change { $0.end = end }
    }
  }

  public func request(_ count: Int) { subscription.request(count) }
  public func cancel() { subscription.cancel() }

  /// Waits for so many elements, in all.
  @discardableResult
  public func elements(_ count: Int) async throws -> [Element] {
    try await seen.until { $0.elements.count >= count || $0.end != nil }.elements
  }

  /// Waits for the end.
  @discardableResult
  public func end() async throws -> Seen { try await seen.until { $0.end != nil } }
}

extension Flow where Element: Sendable {
  /// Runs the flow and writes down what comes.
  public func witness(demand: FlowDemand = .unlimited, in time: (any FlowScheduler)? = nil) -> Witness<
    Element
  > {
    Witness(self, demand: demand, in: time)
  }
}
