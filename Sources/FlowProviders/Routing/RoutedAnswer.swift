// One attempt of a router.
import Flows

/// A failure before anything was said: somebody else may be asked, and nobody sees it.
struct SilentFailure: Error {
  let error: ProviderError

  /// What is wrong with the request itself is wrong elsewhere too.
  var mayBeTriedElsewhere: Bool {
    switch error.kind {
    case .invalidRequest, .cancelled: false
    default: true
    }
  }
}

/// An answer whose beginning is held back until it says something, and from which the router learns. The stage holds it; let
/// go, it is no longer under way.
final class RoutedAnswer {
  private let context: FlowContext
  private let index: Int
  private let memory: RouteMemory
  private var upstream: Flow<ChatEvent>.Stage?
  private let held: Held<ChatEvent>
  private var heldCount = 0
  private var start: FlowInstant?
  private var hasSpoken = false
  private var ending: Poll?

  init(_ answer: Flow<ChatEvent>, _ index: Int, _ memory: RouteMemory, _ context: FlowContext) {
    self.context = context
    self.index = index
    self.memory = memory
    held = Held(context)
    upstream = answer.start(in: context)
  }

  deinit {
    upstream = nil
    end()
  }

  func poll(_ room: inout Chunk<ChatEvent>) -> Poll {
    if start == nil, !room.isFull {
      start = context.now
      memory.change { $0.begin(index) }
    }
    if hasSpoken {
      if heldCount > 0 { deliver(into: &room) }
      if heldCount > 0 { return .more }
      if let ending { return ending }
      return passOn(&room)
    }
    while !context.scope.isEnded, let upstream {
      let poll = Chunk<ChatEvent>.scratch(room.isFull ? 0 : 1) { events in
        let poll = upstream(&events)
        if let event = events.next() { take(event, into: &room) }
        return poll
      }
      if case .failed(let error) = poll, !hasSpoken { return fail(error) }
      if poll.isTerminal { end() }
      if hasSpoken || poll.isTerminal {
        if poll.isTerminal {
          ending = poll
          hasSpoken = true
        }
        deliver(into: &room)
        return heldCount > 0 ? .more : ending ?? .more
      }
      switch poll {
      case .more: if room.isFull { return .more }
      default: return poll
      }
    }
    return .pending
  }

  private func take(_ event: ChatEvent, into room: inout Chunk<ChatEvent>) {
    if event.isAside {
      room.append(event)
      return
    }
    held.append(event)
    heldCount += 1
    switch event {
    case .started, .roundStarted, .textStarted, .reasoningStarted: break
    default: speak()
    }
  }

  private func speak() {
    hasSpoken = true
    guard let start else { return }
    let now = context.now
    let seconds = start.duration(to: now).seconds
    memory.change { $0.note(index, firstToken: seconds, at: now) }
  }

  private func deliver(into room: inout Chunk<ChatEvent>) {
    let before = room.count
    held.drain(into: &room)
    heldCount -= room.count - before
  }

  private func passOn(_ room: inout Chunk<ChatEvent>) -> Poll {
    guard let upstream else { return .finished }
    let poll = upstream(&room)
    if case .failed = poll { noteFailure() }
    if poll.isTerminal { end() }
    return poll
  }

  /// What was held back is given up: nobody has seen it.
  private func fail(_ error: any Error) -> Poll {
    held.discardAll(.policy)
    heldCount = 0
    if error is CancellationError { return .failed(error) }
    noteFailure()
    end()
    return .failed(SilentFailure(error: ProviderError(wrapping: error)))
  }

  private func noteFailure() {
    guard let start else { return }
    let now = context.now
    let seconds = start.duration(to: now).seconds
    memory.change { $0.note(index, failureAfter: seconds, at: now) }
  }

  private func end() {
    upstream = nil
    if start == nil || isOver { return }
    isOver = true
    memory.change { $0.end(index) }
  }

  private var isOver = false
}
