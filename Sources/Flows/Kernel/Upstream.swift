// An upstream that can be let go, or replaced, before the run ends.

/// A part of a run with an end of its own: it passes wakes on, and owns what its stages start.
@usableFromInline
package class Segment: Scope, @unchecked Sendable {
  @usableFromInline final let parent: Scope
  @usableFromInline init(_ parent: Scope) {
    self.parent = parent
    super.init()
  }
  override package func wake() { parent.wake() }
  override func hear(_ hook: @escaping DiscardHook) { parent.hear(hook) }
  override func settle(on scheduler: any FlowScheduler, _ claim: Claim) -> Settlement {
    parent.settle(on: scheduler, claim)
  }
}

/// The part of a run that an upstream lives in, which may come and go while the run is driven. It moves the run, while
/// that can still be moved; after that, a part has a place of its own.
@usableFromInline
final class Part: PolledScope, @unchecked Sendable {
  private let parent: Scope

  @usableFromInline
  init(_ parent: Scope) {
    self.parent = parent
    super.init()
    parent.own(self)
  }

  override func rouse() { parent.wake() }

  override func hear(_ hook: @escaping DiscardHook) {
    super.hear(hook)
    parent.hear(hook)
  }

  override func settle(on scheduler: any FlowScheduler, _ claim: Claim) -> Settlement {
    if !isMoved, case .settled(let producers) = parent.settle(on: scheduler, claim) {
      return .settled(producers: producers)
    }
    return super.settle(on: scheduler, claim)
  }

  /// Lets the part go.
  @usableFromInline
  func leave() { parent.release(self) }
}

/// A stage that stands in an optional or in an array. There a bare function would be wrapped anew each time that
/// it is taken out.
@usableFromInline
struct Made<Element: Sendable> {
  @usableFromInline let stage: Flow<Element>.Stage

  @inlinable
  init(_ stage: @escaping Flow<Element>.Stage) { self.stage = stage }
}

/// The present upstream of a stage that has several, one after another, or that ends its upstream early.
///
/// A stage keeps it in a local `var`. At most one upstream lives at a time: ``start(_:)`` and ``end()`` let the
/// one before go, with its timers, tasks and captured references, before they return.
@usableFromInline
package struct Upstream<Element: Sendable> {
  @usableFromInline let context: FlowContext
  @usableFromInline var part: Part?
  @usableFromInline var made: Made<Element>?

  @inlinable
  package init(_ context: FlowContext) { self.context = context }

  @inlinable
  package init(_ flow: Flow<Element>, in context: FlowContext) {
    self.context = context
    start(flow)
  }

  /// There is an upstream, and it has not been let go.
  @inlinable package var isLive: Bool { made != nil }

  @inlinable
  package mutating func start(_ flow: Flow<Element>) { start(flow, in: context.environment) }

  @inlinable
  mutating func start(_ flow: Flow<Element>, in environment: Environment) {
    end()
    let part = Part(context.scope)
    self.part = part
    made = Made(flow.start(in: part, environment))
  }

  /// Polls the present upstream. A terminal answer lets it go.
  @inlinable
  package mutating func poll(_ room: inout Chunk<Element>) -> Poll {
    guard let made else { return .finished }
    let poll = made.stage(&room)
    if poll.isTerminal { end() }
    return poll
  }

  /// Lets the present upstream go.
  @inlinable
  package mutating func end() {
    guard let part else { return }
    self.part = nil
    made = nil
    part.leave()
  }
}
