// The wheel as a value, beside a sorted array.
import Synchronization
import Testing

@testable import Flows

/// Timers in a sorted array: slow, and plain to see.
private struct Model {
  struct Timer { let deadline: Int64, number: Int, name: FlowTimer }
  var timers: [Timer] = []

  mutating func insert(_ timer: Timer) {
    let place = timers.firstIndex { $0.deadline > timer.deadline } ?? timers.count
    timers.insert(timer, at: place)
  }

  mutating func takeDue(at now: Int64) -> Int? {
    guard let first = timers.first, first.deadline <= now else { return nil }
    return timers.removeFirst().number
  }
}

@Suite struct TimerWheelTests {
  static let tick: Int64 = 1 << 20
  /// What the wheels hold at once: two years.
  static let span: Int64 = 1 << 56

  /// Something with a number that a timer can do.
  private final class Log: Sendable {
    let last = Atomic<Int>(-1)
    func action(_ number: Int) -> @Sendable () -> Void {
      { self.last.store(number, ordering: .relaxed) }
    }
    func number(of action: (@Sendable () -> Void)?) -> Int? {
      guard let action else { return nil }
      action()
      return last.load(ordering: .relaxed)
    }
  }

  /// Distances in time of every size, many of them equal, some in the past and some beyond the span.
  private static func distance(_ random: inout SplitMix) -> Int64 {
    switch Int.random(in: 0..<12, using: &random) {
    case 0: -Int64.random(in: 0...10 * tick, using: &random)
    case 1: 0
    case 2: Int64.random(in: 0...3, using: &random) * tick
    case 3: span + Int64.random(in: -2...70, using: &random) * (span / 64)
    case 4: Int64.max / 2
    case 5: Int64.random(in: 1...100, using: &random)
    default: Int64(1) << Int64.random(in: 0...58, using: &random) + Int64.random(in: -1...1, using: &random)
    }
  }

  @Test(arguments: 0..<40)
  func `agrees with a sorted array`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    var now = Int64.random(in: 0...Self.span * 2, using: &random)
    var wheel = TimerWheel(now: now)
    var model = Model()
    let log = Log()
    var stale: [FlowTimer] = []
    for number in 0..<4000 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<5:
        let deadline = now + Self.distance(&random)
        let name = wheel.insert(deadline: deadline, log.action(number))
        model.insert(.init(deadline: deadline, number: number, name: name))
      case 5..<7:
        if Bool.random(using: &random), let timer = model.timers.indices.randomElement(using: &random) {
          let timer = model.timers.remove(at: timer)
          #expect(log.number(of: wheel.cancel(timer.name)) == timer.number)
          stale.append(timer.name)
        } else if let timer = stale.randomElement(using: &random) {
          #expect(wheel.cancel(timer) == nil)
        }
      case 7:
        // Exactly to a deadline, or just before it.
        if let timer = model.timers.randomElement(using: &random), timer.deadline < .max / 4 {
          now = max(now, timer.deadline - Int64.random(in: 0...1, using: &random))
        }
      default: now = max(now, min(now + Self.distance(&random), .max / 4))
      }
      if Bool.random(using: &random) {
        while true {
          let expected = model.takeDue(at: now)
          let fired = log.number(of: wheel.takeDue(at: now))
          #expect(fired == expected)
          if expected == nil || fired == nil { break }
        }
      }
      #expect(wheel.count == model.timers.count)
      if let next = wheel.nextEvent() {
        // Never too late.
        #expect(next <= model.timers.first?.deadline ?? .min)
      } else {
        #expect(model.timers.isEmpty)
      }
    }
  }

  @Test(arguments: 0..<20)
  func `fires each timer at its deadline when it is woken at every event`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    var now: Int64 = .random(in: 0...Self.span, using: &random)
    var wheel = TimerWheel(now: now)
    let log = Log()
    var deadlines: [Int64] = []
    for number in 0..<300 {
      // Up to a week, so that the test can walk there.
      let reach = Int64(1) << Int64.random(in: 0...49, using: &random)
      let deadline = now + Int64.random(in: 0...reach, using: &random)
      deadlines.append(deadline)
      _ = wheel.insert(deadline: deadline, log.action(number))
    }
    var wakes = 0
    var fired = 0
    while let event = wheel.nextEvent() {
      // Not twice the same: that would be a busy loop.
      #expect(event > now || wakes == 0)
      now = max(now, event)
      wakes += 1
      while let number = log.number(of: wheel.takeDue(at: now)) {
        #expect(deadlines[number] == now || (fired == 0 && deadlines[number] <= now))
        fired += 1
      }
    }
    #expect(fired == 300)
    // A timer comes down through six wheels and out of the heap at most.
    #expect(wakes <= 300 * 7)
  }

  @Test func `keeps the order of arrival among equals, however they were filed`() {
    var wheel = TimerWheel(now: 0)
    let log = Log()
    let deadline = Self.span + 5 * Self.tick + 7
    // The first is filed beyond the span, the later ones nearer and nearer.
    var now: Int64 = 0
    for number in 0..<100 {
      _ = wheel.insert(deadline: deadline, log.action(number))
      now += deadline / 101
      #expect(wheel.takeDue(at: now) == nil)
    }
    for number in 0..<100 { #expect(log.number(of: wheel.takeDue(at: deadline)) == number) }
    #expect(wheel.takeDue(at: deadline) == nil)
  }

  @Test func `fires what was filed for a time that has passed`() {
    var wheel = TimerWheel(now: 50 * Self.tick)
    let log = Log()
    _ = wheel.insert(deadline: .min, log.action(1))
    _ = wheel.insert(deadline: 7, log.action(2))
    #expect(wheel.nextEvent() == .min)
    #expect(log.number(of: wheel.takeDue(at: 50 * Self.tick)) == 1)
    #expect(log.number(of: wheel.takeDue(at: 50 * Self.tick)) == 2)
    #expect(wheel.nextEvent() == nil)
  }

  @Test func `never fires what is set for the end of time`() {
    var wheel = TimerWheel(now: 0)
    let timer = wheel.insert(deadline: .max) {}
    #expect(wheel.takeDue(at: .max - 1) == nil)
    #expect(wheel.count == 1)
    #expect(wheel.cancel(timer) != nil)
  }

  @Test func `forgets a timer once, in a slot, in the heap, and after it fired`() {
    var wheel = TimerWheel(now: 0)
    let far = wheel.insert(deadline: 900 * Self.tick) {}
    let near = wheel.insert(deadline: 3) {}
    #expect(wheel.cancel(far) != nil)
    #expect(wheel.cancel(far) == nil)
    #expect(wheel.cancel(near) != nil)
    #expect(wheel.cancel(near) == nil)
    #expect(wheel.nextEvent() == nil)
    let fired = wheel.insert(deadline: 4) {}
    #expect(wheel.takeDue(at: 4) != nil)
    #expect(wheel.cancel(fired) == nil)
    // Its place has a new tenant, whom the old name does not forget.
    _ = wheel.insert(deadline: 5) {}
    #expect(wheel.cancel(fired) == nil)
    #expect(wheel.count == 1)
    #expect(wheel.cancel(FlowTimer(id: .max)) == nil)
  }

  @Test func `keeps the names of a crowd that has gone apart from those of the next`() {
    var wheel = TimerWheel(now: 0)
    let old = (0..<5000).map { wheel.insert(deadline: Int64($0) * Self.tick) {} }
    for timer in old { #expect(wheel.cancel(timer) != nil) }
    let new = (0..<5000).map { wheel.insert(deadline: Int64($0) * Self.tick) {} }
    for timer in old { #expect(wheel.cancel(timer) == nil) }
    for timer in new { #expect(wheel.cancel(timer) != nil) }
  }
}
