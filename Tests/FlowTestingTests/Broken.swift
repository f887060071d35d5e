// Operators that break a rule, to see that it is noticed.
import FlowTesting
import Flows
import Synchronization

enum Broken {
  typealias Stage = Flow<Int>.Stage

  /// An operator that is nothing but a stage around that of its source.
  private static func around(_ source: Flow<Int>, _ wrap: @escaping @Sendable (@escaping Stage) -> Stage)
    -> Flow<
      Int
    >
  {
    Flow { context in wrap(source.start(in: context)) }
  }

  /// Ends at once, and leaves its source to a run of its own.
  static func leavesItsSource<Element>(_ source: Flow<Element>) -> Flow<Element> {
    Flow { _ in
      source.subscribe { _ in }.detach()
      return { _ in .finished }
    }
  }

  /// 1.5: keeps the completion to itself.
  static func neverEnds(_ source: Flow<Int>) -> Flow<Int> {
    around(source) { upstream in
      var isOver = false
      return { room in
        if isOver { return .pending }
        let poll = upstream(&room)
        guard case .finished = poll else { return poll }
        isOver = true
        return .pending
      }
    }
  }

  /// 1.7: polls its source once more after its end.
  static func pollsAfterTheEnd(_ source: Flow<Int>) -> Flow<Int> {
    around(source) { upstream in
      { room in
        let poll = upstream(&room)
        if case .finished = poll { _ = upstream(&room) }
        return poll
      }
    }
  }

  /// 1.10: counts over all runs.
  static func sharesState(_ source: Flow<Int>) -> Flow<Int> {
    let count = Count()
    return source.map { $0 + count.next() }
  }

  /// S7: ends only when it is asked for something.
  static func endsOnDemand(_ source: Flow<Int>) -> Flow<Int> {
    around(source) { upstream in
      var isOver = false
      return { room in
        if !isOver {
          let poll = upstream(&room)
          guard case .finished = poll else { return poll }
          isOver = true
        }
        return room.isFull ? .pending : .finished
      }
    }
  }

  /// 2.8: takes a poll without elements for the end.
  static func takesSilenceForTheEnd(_ source: Flow<Int>) -> Flow<Int> {
    around(source) { upstream in
      { room in
        let before = room.count
        let poll = upstream(&room)
        if case .more = poll, !room.isFull, room.count == before { return .finished }
        return poll
      }
    }
  }

  /// 2.10: fails only when it is asked for something.
  static func failsOnDemand(_ source: Flow<Int>) -> Flow<Int> {
    around(source) { upstream in
      var failure: (any Error)?
      return { room in
        if failure == nil {
          let poll = upstream(&room)
          guard case .failed(let error) = poll else { return poll }
          failure = error
        }
        return room.isFull ? .pending : failure.map { .failed($0) } ?? .pending
      }
    }
  }

  /// 4.2: makes a completion of a failure.
  static func swallowsFailures(_ source: Flow<Int>) -> Flow<Int> {
    around(source) { upstream in
      { room in
        let poll = upstream(&room)
        return if case .failed = poll { .finished } else { poll }
      }
    }
  }

  /// 2.13: makes a completion of what its closure throws.
  static func swallowsThrownErrors(_ source: Flow<Int>, _ law: LawProbe) -> Flow<Int> {
    swallowsFailures(source.map { try law.call($0) })
  }

  /// 3.8: forgets what is asked for while it waits for nothing.
  static func forgetsRequests(_ source: Flow<Int>) -> Flow<Int> {
    around(source) { upstream in
      var polls = 0
      return { room in
        polls += 1
        return polls > 3 ? .pending : upstream(&room)
      }
    }
  }

  /// 3.13: keeps its stage, and what its closures hold, in a place that outlives the run.
  static func keepsItsStage(_ source: Flow<Int>, _ law: LawProbe, in attic: Attic) -> Flow<Int> {
    Flow { context in
      let upstream = source.map { try law.call($0) }.start(in: context)
      attic.keep(Kept(stage: upstream))
      return upstream
    }
  }

  /// S1: fetches ahead.
  static func fetchesAhead(_ source: Flow<Int>) -> Flow<Int> {
    around(source) { upstream in
      var queue: [Int] = []
      var ending: Poll?
      return { room in
        if ending == nil {
          let poll = Chunk<Int>.scratch(4) { input in
            let poll = upstream(&input)
            while let element = input.next() { queue.append(element) }
            return poll
          }
          if poll.isTerminal { ending = poll }
          if queue.isEmpty { return poll }
        }
        while !room.isFull, !queue.isEmpty { room.append(queue.removeFirst()) }
        return queue.isEmpty ? ending ?? .more : .more
      }
    }
  }

  /// S3 and S4: drops what came together with a failure, and does not say so.
  static func letsFailuresOvertake(_ source: Flow<Int>) -> Flow<Int> {
    around(source) { upstream in
      { room in
        Chunk<Int>.scratch(room.room) { input in
          let poll = upstream(&input)
          if case .failed = poll { return poll }
          while let element = input.next() { room.append(element) }
          return poll
        }
      }
    }
  }

  /// S4: delivers every other element when it is asked for one, and all when it is asked for many.
  static func losesElements(_ source: Flow<Int>) -> Flow<Int> {
    around(source) { upstream in
      var isOdd = false
      return { room in
        let isLittle = room.room == 1
        return Chunk<Int>.scratch(room.room) { input in
          let poll = upstream(&input)
          while let element = input.next() {
            isOdd.toggle()
            if !isLittle || isOdd { room.append(element) }
          }
          return poll
        }
      }
    }
  }

  /// S5: sets a timer and never clears it.
  static func forgetsItsTimer(_ source: Flow<Int>) -> Flow<Int> {
    Flow { context in
      _ = context.scheduler.schedule(at: .distantFuture) {}
      return source.start(in: context)
    }
  }

  /// 3.12: is cancelled, and its source is not.
  static func ignoresCancellation(_ source: Flow<Int>) -> Flow<Int> {
    .create(buffer: .max, whenFull: .fail) { emitter in
      source.subscribe {
        emitter.yield($0)
      } onEnd: { end in
        switch end {
        case .finished: emitter.finish()
        case .failed(let error): emitter.fail(error)
        }
      }.detach()
    }
  }

  /// 1.2: waits until all that it is asked for is there.
  static func wantsItsFill(_ source: Flow<Int>) -> Flow<Int> {
    around(source) { upstream in
      { room in
        let poll = upstream(&room)
        return if case .finished = poll, room.room > 0, room.room < 60 { .pending } else { poll }
      }
    }
  }

  /// 1.4: keeps a failure to itself.
  static func fallsSilent(_ source: Flow<Int>) -> Flow<Int> {
    around(source) { upstream in
      var isOver = false
      return { room in
        if isOver { return .pending }
        let poll = upstream(&room)
        guard case .failed = poll else { return poll }
        isOver = true
        return .pending
      }
    }
  }

  /// 1.6 and 1.8: polls its source when everything is over.
  static func pollsWhenItIsOver(_ source: Flow<Int>) -> Flow<Int> {
    Flow { context in
      let last = Last(source.prefix(3).start(in: context))
      context.onEnd { context.scheduler.execute { last.poll() } }
      return source.start(in: context)
    }
  }

  /// 1.9: runs its source before somebody runs it.
  static func startsTooSoon(_ source: Flow<Int>) -> Flow<Int> {
    let first = Mutex<FlowSubscription?>(source.prefix(1).subscribe { _ in })
    return source.onValue { _ in first.withLock { $0 = nil } }
  }

  /// 3.17: takes as much as a number can say for a mistake.
  static func fearsGreatNumbers(_ source: Flow<Int>) -> Flow<Int> {
    around(source) { upstream in { room in room.room > 60 ? .pending : upstream(&room) } }
  }

  /// S6: does something else at another hour.
  static func knowsTheHour(_ source: Flow<Int>) -> Flow<Int> {
    source.timestamped().compactMap { $0.instant.milliseconds > 1000 && $0.element > 2 ? nil : $0.element }
  }

  /// 3.3: looks for the next element that passes by calling itself.
  static func recurses(_ source: Flow<Int>) -> Flow<Int> {
    around(source) { upstream in
      let search = Search(upstream)
      return { search.find(&$0) }
    }
  }
}

/// A stage to be polled later. Everything happens on one thread.
private final class Last: @unchecked Sendable {
  private let stage: Broken.Stage
  init(_ stage: @escaping Broken.Stage) { self.stage = stage }

  func poll() { Chunk<Int>.scratch(1) { room in _ = stage(&room) } }
}

private final class Search {
  let upstream: Broken.Stage
  init(_ upstream: @escaping Broken.Stage) { self.upstream = upstream }

  func find(_ room: inout Chunk<Int>) -> Poll {
    let (poll, element) = Chunk<Int>.scratch(room.isFull ? 0 : 1) { input in
      let poll = upstream(&input)
      return (poll, input.next())
    }
    if let element, element % 1_000_000 == 0 { room.append(element) }
    if case .more = poll, !room.isFull { return find(&room) }
    return poll
  }
}

final class Count: Sendable {
  private let value = Atomic<Int>(0)
  func next() -> Int { value.wrappingAdd(1, ordering: .relaxed).newValue }
}

/// A stage outlives its run here. Only one thread looks at it.
struct Kept: @unchecked Sendable {
  let stage: Broken.Stage
}

final class Attic: Sendable {
  private let kept = Mutex<[Kept]>([])
  func keep(_ stage: Kept) { kept.withLock { $0.append(stage) } }
}
