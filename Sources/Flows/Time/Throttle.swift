// At most one element per window of time.

/// Which elements of a window ``Flow/throttle(for:edges:)`` delivers.
public enum ThrottleEdges: Sendable, Equatable {
  /// The one that opens the window, at once. The others are given up.
  case leading
  /// The latest one, when the window closes.
  case trailing
  /// The one that opens the window at once and, if others have followed it, the latest when the window closes.
  case both
}

extension Flow {
  /// Delivers at most one element per `interval`.
  ///
  ///     source                  -abcde-----f-|
  ///     throttle(3, .leading)   -a--d------f-|
  ///     throttle(3, .trailing)  ----d--e-----(f|)
  ///     throttle(3, .both)      -a--d--e---f-|
  ///
  /// An element that comes while no window is open opens one. When a window closes with an element to deliver,
  /// that opens the next. An element that comes in the moment in which a window closes still counts.
  ///
  /// **Demand.** The upstream is consumed without limit, and time runs whether or not anything is asked for. What is
  /// due and not asked for waits; the next one that is due replaces it.
  /// **Completion.** Delivers at once what waits for its window to close. **Failure.** Discards what waits.
  ///
  /// - Parameters:
  ///   - interval: zero or more; a negative one traps.
  ///   - edges: which elements of a window are delivered.
  @inlinable
  public func throttle(for interval: Duration, edges: ThrottleEdges) -> Flow {
    precondition(interval >= .zero, "throttle(for: \(interval)): time does not run backwards")
    return Flow { context in
      let upstream = start(in: context)
      let alarm = context.alarm()
      let due = Held<Element>(context)
      let latest = Held<Element>(context)
      var window = ThrottleWindow(interval, edges)
      var ending = Poll.pending
      return { room in
        due.drain(into: &room)
        if !ending.isTerminal {
          ending = context.exhaust(
            upstream,
            chunks: { elements in
              let now = context.now
              let before = room.count
              while let element = elements.next() {
                if window.isOverdue(at: now), let trailing = latest.next() {
                  due.deliver(trailing, into: &room)
                  window.open(at: now)
                }
                switch window.admit(at: now, behind: !latest.isEmpty) {
                case .edge: due.deliver(element, into: &room)
                case .candidate: latest.replace(with: element)
                case .outside: context.discard(element, .policy)
                }
              }
              // What was delivered is not kept from the consumer while a source goes on and on.
              return room.count == before || room.isFull
            })
        }
        switch ending {
        case .more: return .more
        case .pending:
          if latest.isEmpty { break }
          let now = context.now
          if window.end <= now, let trailing = latest.next() {
            due.deliver(trailing, into: &room)
            window.open(at: now)
          }
          alarm.set(at: latest.isEmpty ? .distantFuture : window.end)
        case .finished:
          alarm.clear()
          if let trailing = latest.next() { due.deliver(trailing, into: &room) }
        case .failed:
          alarm.clear()
          return ending
        }
        return due.isEmpty ? ending : .more
      }
    }
  }
}

/// The memory of one run of `throttle`: when the window closes, and what an element is in it.
@usableFromInline
struct ThrottleWindow {
  @usableFromInline
  enum Place { case edge, candidate, outside }

  private let interval: Duration
  private let edges: ThrottleEdges
  /// When the present window closes, or the last one did.
  @usableFromInline private(set) var end = FlowInstant(nanoseconds: .min)

  @usableFromInline
  init(_ interval: Duration, _ edges: ThrottleEdges) {
    self.interval = interval
    self.edges = edges
  }

  /// The window should have closed before `now`, so its last element comes before any that comes now.
  @usableFromInline
  func isOverdue(at now: FlowInstant) -> Bool { end < now }

  @usableFromInline
  mutating func open(at now: FlowInstant) { end = now.advanced(by: interval) }

  /// The place of an element that comes now, `behind` another one that waits for the window to close or not.
  /// Opens a window when none is open.
  @usableFromInline
  mutating func admit(at now: FlowInstant, behind: Bool) -> Place {
    if now < end || (now == end && behind) { return edges == .leading ? .outside : .candidate }
    open(at: now)
    return edges == .trailing ? .candidate : .edge
  }
}
