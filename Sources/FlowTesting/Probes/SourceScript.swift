// A source that does the same in every run.
import Flows

/// What a source does and when, from the beginning of each run.
struct SourceScript<Element: Sendable>: Sendable {
  struct Moment: Sendable {
    let offset: Duration
    let elements: [Element]
    let ending: Poll?
  }

  let moments: [Moment]

  /// The source. What is there at the start of a run is there before the first poll.
  func flow(_ log: SourceLog, in time: VirtualTime, _ misbehaviour: Misbehaviour = []) -> Flow<Element> {
    Flow { context in
      let run = SourceRun<Element>(context, log, misbehaviour)
      play(on: run, in: time, misbehaviour)
      return run.stage
    }
  }

  /// Does, from now on, what a run does.
  func play(on run: SourceRun<Element>, in time: VirtualTime, _ misbehaviour: Misbehaviour) {
    for moment in moments {
      if moment.offset == .zero {
        run.send(moment.elements, moment.ending)
      } else {
        // A run that was let go is not kept for what it would have said; unless it is to say it all the same.
        let held = misbehaviour.contains(.ignoresCancellation) ? run : nil
        time.at(moment.offset) { [weak run] in (held ?? run)?.send(moment.elements, moment.ending) }
      }
    }
  }
}
