// Time that a test moves.
import Flows
import Testing

@testable import FlowTesting

@Suite struct VirtualTimeTests {
  let time = VirtualTime()
  let log = Log()

  @Test func `begins at zero with nothing to do`() {
    #expect(time.now == .milliseconds(0))
    #expect(time.isIdle)
    #expect(time.pendingTimers == 0)
  }

  @Test func `fires a timer at its instant and not before`() {
    _ = time.schedule(at: .milliseconds(10)) { [log, time] in log.note("fired at \(time.now.milliseconds)") }
    time.advance(by: .milliseconds(9))
    #expect(log.lines.isEmpty)
    #expect(time.pendingTimers == 1)
    time.advance(by: .milliseconds(5))
    #expect(log.lines == ["fired at 10"])
    #expect(time.now == .milliseconds(14))
    #expect(time.isIdle)
  }

  @Test func `fires timers of one instant in order of arrival`() {
    for name in ["a", "b", "c"] {
      _ = time.schedule(at: .milliseconds(5)) { [log] in log.note(name) }
    }
    time.run()
    #expect(log.lines == ["a", "b", "c"])
  }

  @Test func `forgets a cancelled timer and what it captured`() {
    let count = LiveCount()
    let timer = time.schedule(at: .milliseconds(5)) { [token = count.token()] in _ = token }
    #expect(count.live == 1)
    #expect(time.cancel(timer))
    #expect(!time.cancel(timer))
    #expect(count.live == 0)
    #expect(time.isIdle)
  }

  @Test func `forgets timers in any number without slowing down`() {
    for index in 0..<100_000 {
      time.cancel(time.schedule(at: .milliseconds(Int64(index))) {})
    }
    #expect(time.isIdle)
  }

  @Test func `does all other work of an instant before its timers`() {
    _ = time.schedule(at: .milliseconds(5)) { [log, time] in
      log.note("timer 1")
      time.execute { log.note("started by timer 1") }
    }
    _ = time.schedule(at: .milliseconds(5)) { [log] in log.note("timer 2") }
    time.at(.milliseconds(5)) { [log, time] in
      log.note("event")
      time.execute { log.note("started by event") }
    }
    time.run()
    #expect(log.lines == ["event", "started by event", "timer 1", "started by timer 1", "timer 2"])
  }

  @Test func `runs a body with sleeps to its end without waiting`() throws {
    let answer = try time.run { [time] in
      try await time.sleep(for: .seconds(600))
      return 42
    }
    #expect(answer == 42)
    #expect(time.now == .milliseconds(600_000))
  }

  @Test func `passes on what the body throws`() {
    #expect(throws: MarbleError.self) { try time.run { throw MarbleError() } }
  }

  @Test func `ends a sleep when its task is cancelled`() throws {
    let isCancelled = try time.run { [time] in
      await withTaskGroup(of: Bool.self) { group in
        group.addTask {
          do { try await time.sleep(for: .seconds(10)) } catch { return error is CancellationError }
          return false
        }
        try? await time.sleep(for: .milliseconds(1))
        group.cancelAll()
        return await group.next()!
      }
    }
    #expect(isCancelled)
    #expect(time.now == .milliseconds(1))
    #expect(time.pendingTimers == 0)
  }

  @Test func `does not begin to sleep in a cancelled task`() throws {
    try time.run { [time] in
      withUnsafeCurrentTask { $0?.cancel() }
      await #expect(throws: CancellationError.self) { try await time.sleep(for: .seconds(10)) }
    }
    #expect(time.now == .milliseconds(0))
    #expect(time.isIdle)
  }

  @Test func `reports a body that waits for nothing as stuck`() throws {
    let stuck = try #require(throws: StuckFlow.self) {
      try time.run { [time] in
        try await time.sleep(for: .milliseconds(7))
        return try await Flow<Int> { _ in { _ in .pending } }.reduce(0, +)
      }
    }
    #expect(stuck.instant == .milliseconds(7))
    #expect(stuck.description.contains("stuck at 0.007 seconds"))
  }

  @Test(arguments: ["collect", "values", "asyncMap", "zip", "promise"])
  func `reports every kind of pipeline that waits for nothing`(kind: String) throws {
    let source = TestFlow<Int>()
    let error = try #require(throws: StuckFlow.self) {
      try time.run { [time] in
        time.at(.milliseconds(3)) { source.send(1) }
        switch kind {
        case "collect": _ = try await source.flow.delay(for: .seconds(1)).collect()
        case "values": for try await _ in source.flow.debounce(for: .seconds(1)).values {}
        case "asyncMap":
          _ = try await source.flow.asyncMap { _ in
            await withUnsafeContinuation { (_: UnsafeContinuation<Int, Never>) in }
          }
          .collect()
        case "zip": _ = try await source.flow.zip(Flow<Int>.never()).collect()
        default: _ = try await source.flow.prefix(2).promise().value
        }
      }
    }
    #expect(error.hints.first?.hasPrefix("source: active, 1 elements sent") == true, "\(error)")
    #expect(source.isReleased)
  }

  @Test func `does not report what only takes long`() throws {
    let elements = try time.run { [time] in
      let slow = Flow.from([1, 2]).asyncMap { element in
        try await time.sleep(for: .seconds(3600))
        return element
      }
      return try await slow.timeout(idle: .seconds(7200)).collect()
    }
    #expect(elements == [1, 2])
    #expect(time.now == .milliseconds(7_200_000))
  }

  @Test func `reports a body that goes on for ever`() throws {
    let time = VirtualTime(stepLimit: 1000)
    let error = try #require(throws: StuckFlow.self) {
      try time.run { [time] in while !Task.isCancelled { try? await time.sleep(for: .seconds(1)) } }
    }
    #expect(error.description.hasPrefix("endless at 500.0 seconds"), "\(error)")
  }

  @Test func `lets go of what a stuck body held`() throws {
    let count = LiveCount()
    #expect(throws: StuckFlow.self) {
      try time.run {
        try await Flow<Int> { [token = count.token()] _ in
          { _ in
            _ = token; return .pending
          }
        }.reduce(0, +)
      }
    }
    #expect(count.live == 0)
    #expect(time.isIdle)
  }

  @Test func `is the time of every flow that runs inside`() throws {
    let now = try time.run { [time] in
      try await time.sleep(for: .milliseconds(3))
      return try await Flow<FlowInstant> { context in
        var isOver = false
        return { room in
          if !isOver, !room.isFull { room.append(context.now); isOver = true }
          return isOver ? .finished : .pending
        }
      }.values.first { _ in true }
    }
    #expect(now == .milliseconds(3))
  }

  @Test func `takes work from other threads`() throws {
    let sum = try time.run { [time] in
      await withUnsafeContinuation { (continuation: UnsafeContinuation<Int, Never>) in
        // The work that keeps time going until the other thread has spoken.
        @Sendable func wait(for box: Log) {
          if box.lines.isEmpty { time.execute { wait(for: box) } } else { continuation.resume(returning: 7) }
        }
        let box = Log()
        let thread = SystemScheduler(name: "elsewhere")
        thread.execute {
          box.note("done"); thread.stop()
        }
        wait(for: box)
      }
    }
    #expect(sum == 7)
  }

  /// One story of tasks, sleeps and timers.
  static func story() throws -> [String] {
    let time = VirtualTime()
    let log = Log()
    try time.run {
      await withTaskGroup(of: Void.self) { group in
        for worker in 0..<6 {
          group.addTask {
            for step in 0..<4 {
              await Task.yield()
              try? await time.sleep(for: .milliseconds((worker * step) % 5))
              log.note("\(worker).\(step)")
            }
          }
        }
      }
    }
    return log.lines
  }

  @Test func `tells the same story every time, however busy the machine is`() throws {
    let loops = (0..<4).map { SystemScheduler(name: "busy.\($0)") }
    let flag = Flag()
    for loop in loops { loop.execute { while !flag.isSet {} } }
    defer {
      flag.set()
      for loop in loops { loop.stop() }
    }
    let first = try Self.story()
    #expect(first.count == 24)
    for _ in 0..<100 { #expect(try Self.story() == first) }
  }
}
