// An answer that is given again.
import Flows

/// How fast an answer comes that a cache gives.
public enum CacheReplay: Sendable, Hashable {
  /// As fast as it is asked for.
  case instant
  /// As a model would say it.
  case paced(Pace)

  public enum Pace: Sendable, Hashable {
    /// As it came the first time, from the request on.
    case recorded
    /// So many pieces of text, thoughts and arguments a second; zero or less traps.
    case tokensPerSecond(Double)
  }
}

/// One telling of an answer. For the stage of one run.
struct Telling {
  private let answer: CachedAnswer
  private let age: Duration
  /// When each event is due, counted from `start`; `nil` when that is at once.
  private let offsets: [Duration]?
  private let start: FlowInstant
  private let alarm: Alarm?
  private let context: FlowContext
  private var next = 0

  init(_ answer: CachedAnswer, age: Duration, _ replay: CacheReplay, in context: FlowContext) {
    self.answer = answer
    self.age = age
    self.context = context
    start = context.now
    switch replay {
    case .instant: offsets = nil
    case .paced(.recorded): offsets = answer.offsets
    case .paced(.tokensPerSecond(let rate)): offsets = answer.offsets(at: rate)
    }
    alarm = offsets == nil ? nil : context.alarm()
  }

  mutating func poll(_ room: inout Chunk<ChatEvent>) -> Poll {
    let now = offsets == nil ? start : context.now
    while next < answer.events.count {
      if room.isFull { return .more }
      if let offsets, let alarm {
        let due = start.advanced(by: offsets[next])
        if due > now {
          alarm.set(at: due)
          return .pending
        }
      }
      room.append(event)
      next += 1
    }
    alarm?.clear()
    return .finished
  }

  /// The next event. The first that has a place for it says that all come from a cache.
  private var event: ChatEvent {
    guard case .started(var started) = answer.events[next] else { return answer.events[next] }
    started.cachedFor = age
    return .started(started)
  }
}

extension CachedAnswer {
  /// The answer again, as events that say that they come from a cache.
  func told(age: Duration, _ replay: CacheReplay) -> Flow<ChatEvent> {
    Flow { context in
      var telling = Telling(self, age: age, replay, in: context)
      return { room in telling.poll(&room) }
    }
  }

  fileprivate func offsets(at rate: Double) -> [Duration] {
    var tokens = 0
    return events.map { event in
      switch event {
      case .textDelta, .reasoningDelta, .toolArgumentsDelta: tokens += 1
      default: break
      }
      return .seconds(Double(tokens) / rate)
    }
  }
}
