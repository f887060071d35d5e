// A source that has been told beforehand what to do.
import Flows

extension TestFlow {
  /// Something that a source does, or the time that it lets pass.
  public struct Step: Sendable {
    let moments: [SourceScript<Element>.Moment]
    let length: Duration

    /// Lets time pass.
    public static func wait(_ time: Duration) -> Step { Step(moments: [], length: time) }

    /// Sends elements, all at once.
    public static func send(_ elements: Element...) -> Step {
      Step(moments: [.init(offset: .zero, elements: elements, ending: nil)], length: .zero)
    }

    /// Sends elements, and lets time pass before each.
    public static func send(_ elements: Element..., every interval: Duration) -> Step {
      let moments = elements.enumerated().map { index, element in
        SourceScript<Element>.Moment(offset: interval * (index + 1), elements: [element], ending: nil)
      }
      return Step(moments: moments, length: interval * elements.count)
    }

    /// Completes.
    public static var finish: Step {
      Step(moments: [.init(offset: .zero, elements: [], ending: .finished)], length: .zero)
    }

    /// Fails.
    public static func fail(_ error: any Error = MarbleError()) -> Step {
      Step(moments: [.init(offset: .zero, elements: [], ending: .failed(error))], length: .zero)
    }
  }

  /// A source that does what a script says, from the beginning of a run: the first script in the first run, the second in
  /// the second, and the last in all that follow. A run whose script has no end stalls for ever.
  ///
  /// ```swift
  /// let time = VirtualTime()
  /// let tokens = TestFlow<String>(
  ///   in: time,
  ///   runs: [.wait(.milliseconds(300)), .send("Once", "upon", every: .milliseconds(20)), .fail()],
  ///   [.send("Once", "upon", "a", "time"), .finish])
  /// let seen = tokens.flow.retry(1, after: .anything).record(in: time)
  /// ```
  ///
  /// It is asked and looked at like any other; the test may send more.
  ///
  /// - Parameters:
  ///   - name: what it is called in messages.
  ///   - time: the time in which it waits.
  ///   - runs: the steps of each run.
  ///   - misbehaviour: what it does on purpose that no source should do.
  public convenience init(
    _ name: String = "source", in time: VirtualTime, runs: [Step]..., misbehaviour: Misbehaviour = []
  ) {
    self.init(name, misbehaviour: misbehaviour, in: time, runs.map(SourceScript.init(steps:)))
  }
}

extension SourceScript {
  fileprivate init(steps: [TestFlow<Element>.Step]) {
    var start = Duration.zero
    var moments: [Moment] = []
    for step in steps {
      for moment in step.moments {
        moments.append(
          Moment(offset: start + moment.offset, elements: moment.elements, ending: moment.ending))
      }
      start += step.length
    }
    self.init(moments: moments)
  }
}
