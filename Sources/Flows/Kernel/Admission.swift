// The right of a run to begin, under a limit that it shares with others.

/// What a run asks for before its upstream starts, and gives back when that has ended.
///
/// The scope of the run owns it, so that it is given back in whatever way the run ends.
@usableFromInline
class Admission: Resource, @unchecked Sendable {
  @usableFromInline
  enum Answer {
    case granted
    /// The run is woken when it is worth asking again; or it asks at this instant.
    case pending(until: FlowInstant)
    case refused(any Error)
  }

  final let context: FlowContext

  init(_ context: FlowContext) {
    self.context = context
    super.init()
  }

  /// Whether the upstream may start. Only for the driver, until that is decided.
  @usableFromInline
  func ask() -> Answer { .granted }

  /// How the upstream has ended that was let in.
  @usableFromInline
  func note(_ poll: Poll) {}

  /// Gives the right back.
  @usableFromInline
  final func leave() { context.scope.release(self) }
}

extension Flow {
  /// This flow, which starts when what `enter` has asked for is granted, and gives it back before its end is passed on.
  @inlinable
  func admitted(by enter: @escaping @Sendable (FlowContext) -> Admission) -> Flow {
    Flow { context in
      let admission = enter(context)
      var upstream = Upstream<Element>(context)
      // Most runs never wait.
      var alarm: Alarm?
      return { room in
        if !upstream.isLive {
          switch admission.ask() {
          case .granted:
            alarm?.leave()
            alarm = nil
            upstream.start(self)
          case .pending(let until):
            if until < .distantFuture, alarm == nil { alarm = context.alarm() }
            alarm?.set(at: until)
            return .pending
          case .refused(let error): return .failed(error)
          }
        }
        let poll = upstream.poll(&room)
        if poll.isTerminal {
          admission.note(poll)
          admission.leave()
        }
        return poll
      }
    }
  }
}
