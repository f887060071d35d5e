// The consumer, moved.
import FlowTesting
import Foundation
import Testing

@testable import Flows

@Suite struct ReceiveOnTests {
  @Test func `delivers the same`() throws {
    try marbles(
      """
      source       -a-b-c-|
      receive(on)  -a-b-c-|
      """
    ) { $0["source"].receive(on: $0.time) }
  }

  @Test func `delivers the same with a buffer`() throws {
    try marbles(
      """
      source               -a-b-c-|
      receive(on, buffer)  -a-b-c-|
      """
    ) { $0["source"].receive(on: $0.time, buffer: 4) }
  }

  @Test func `asks for what it is asked for`() throws {
    try marbles(
      """
      source       -abc---|
      receive(on)  -a-b-c-|
      demand       1--1-1
      asked source 1--1-1
      """
    ) { $0["source"].receive(on: $0.time) }
  }

  @Test func `asks for more without waiting for what it has asked for`() throws {
    try marbles(
      """
      source       ----a|
      receive(on)  ----a|
      demand       1-2
      asked source 1-2
      """
    ) { $0["source"].receive(on: $0.time) }
  }

  @Test func `is ahead by its buffer as soon as anything is asked for`() throws {
    let source = TestFlow<Int>()
    let time = VirtualTime()
    let seen = source.flow.receive(on: time, buffer: 4).record(in: time, demand: 0)
    time.run()
    #expect(source.asked == 0)
    seen.request(1)
    time.run()
    #expect(source.asked == 4)
    source.send(1, 2, 3, 4, 5, 6, 7, 8)
    time.run()
    try seen.expect(1)
    #expect(source.sent == 4)
    seen.request(1)
    time.run()
    #expect(source.sent == 4)
    seen.request(1)
    time.run()
    #expect(source.sent == 7)
    try seen.expect(2, 3)
    try seen.done()
  }

  @Test func `moves what is downstream and nothing else`() throws {
    let place = ManualPlace()
    let source = TestFlow<Int>()
    let above = Box<[Bool]>([])
    let below = Box<[Bool]>([])
    let end = Box<[Bool]>([])
    let flow = source.flow.map {
      above.value.append(place.isCurrent); return $0
    }
    .receive(on: place, buffer: 8)
    .map {
      below.value.append(place.isCurrent); return $0
    }
    let subscription = flow.subscribe { (_: Int) in
      below.value.append(place.isCurrent)
    } onEnd: { _ in
      end.value.append(place.isCurrent)
    }
    place.run()
    source.send(1)
    source.send(2)
    source.finish()
    #expect(above.value == [false, false])
    #expect(below.value == [])
    place.run()
    #expect(below.value == [true, true, true, true])
    #expect(end.value == [true])
    withExtendedLifetime(subscription) {}
  }

  @Test func `crosses once for what comes together`() throws {
    let place = ManualPlace()
    let source = TestFlow<Int>()
    let sum = Box(0)
    let subscription = source.flow.receive(on: place, buffer: 100).subscribe { sum.value += $0 }
    place.run()
    let before = place.count
    for number in 1...10 { source.send(number) }
    place.run()
    #expect(place.count == before + 1)
    #expect(sum.value == 55)
    withExtendedLifetime(subscription) {}
  }

  @Test func `fails after what was handed over`() throws {
    let place = ManualPlace()
    let source = TestFlow<Int>()
    let seen = Box<[String]>([])
    let subscription = source.flow.receive(on: place, buffer: 4).subscribe {
      seen.value.append("\($0)")
    } onEnd: { _ in
      seen.value.append("end")
    }
    place.run()
    source.send(1, 2)
    source.fail()
    #expect(source.isReleased)
    place.run()
    #expect(seen.value == ["1", "2", "end"])
    withExtendedLifetime(subscription) {}
  }

  @Test func `lets the source go at once when it is cancelled`() throws {
    let place = ManualPlace()
    let held = LiveCount()
    let source = TestFlow<LiveCount.Token>()
    let subscription = source.flow.receive(on: place, buffer: 4).subscribe { _ in }
    place.run()
    source.send(held.token(), held.token())
    subscription.cancel()
    try source.expectReleased()
    try held.expectNone()
    place.run()
  }

  @Test func `serves an async consumer in its place`() throws {
    let time = VirtualTime()
    let place = ManualPlace()
    let wasThere = Box<[Bool]>([])
    let flow = Flow.from(1...5).receive(on: place).map {
      wasThere.value.append(place.isCurrent)
      return $0
    }
    let task = time.asDefault { Task(executorPreference: time) { try await flow.reduce(0, +) } }
    for _ in 0..<10 {
      time.run()
      place.run()
    }
    let sum = try time.run { try await task.value }
    #expect(sum == 15)
    #expect(wasThere.value == Array(repeating: true, count: 5))
  }

  @Test func `lets an async consumer go that is cancelled while it waits`() throws {
    let time = VirtualTime()
    let source = TestFlow<Int>()
    let flow = source.flow.receive(on: time)
    let task = time.asDefault { Task(executorPreference: time) { try await flow.reduce(0, +) } }
    time.run()
    #expect(source.isActive)
    task.cancel()
    time.run()
    #expect(throws: CancellationError.self) { try time.run { try await task.value } }
    try source.expectReleased()
  }

  @Test func `serves a thread that is blocked`() async throws {
    let place = SystemScheduler()
    let wasThere = Journal<Bool>()
    let flow = Flow.from(1...5).receive(on: place).map {
      wasThere.note(place.isCurrent)
      return $0
    }
    let sum = try await withCheckedThrowingContinuation { continuation in
      Thread { continuation.resume(with: Result { try flow.blockingReduce(0, +) }) }.start()
    }
    #expect(sum == 15)
    #expect(wasThere.entries == [true, true, true, true, true])
    place.stop()
  }

  @Test func `serves an iterator in its place`() throws {
    let time = VirtualTime()
    let place = ManualPlace()
    let wasThere = Box<[Bool]>([])
    let flow = Flow.from(1...5).receive(on: place).map {
      wasThere.value.append(place.isCurrent)
      return $0
    }
    let task = time.asDefault {
      Task(executorPreference: time) {
        var numbers: [Int] = []
        for try await number in flow.values { numbers.append(number) }
        return numbers
      }
    }
    for _ in 0..<10 {
      time.run()
      place.run()
    }
    let numbers = try time.run { try await task.value }
    #expect(numbers == [1, 2, 3, 4, 5])
    #expect(wasThere.value == Array(repeating: true, count: 5))
  }

  @Test func `wakes a joined run in its place`() throws {
    let place = ManualPlace()
    let moved = TestFlow<Int>()
    let other = TestFlow<Int>()
    let seen = Box<[String]>([])
    let flow = moved.flow.receive(on: place).merge(with: other.flow)
    let subscription = flow.subscribe { seen.value.append("\($0) \(place.isCurrent)") }
    place.run()
    moved.send(1)
    other.send(2)
    moved.send(3)
    #expect(seen.value == ["2 false"])
    place.run()
    #expect(seen.value == ["2 false", "1 true", "3 true"])
    subscription.cancel()
    try moved.expectReleased()
    try other.expectReleased()
  }

  @Test func `moves what is upstream of a join`() throws {
    let place = ManualPlace()
    let moved = TestFlow<Int>()
    let seen = Box<[String]>([])
    let wasThere = Box<[Bool]>([])
    let part = moved.flow.receive(on: place).map {
      wasThere.value.append(place.isCurrent)
      return $0
    }
    let other = TestFlow<Int>()
    let joined = part.merge(with: other.flow).subscribe { seen.value.append("\($0)") }
    place.run()
    moved.send(1)
    other.send(2)
    #expect(wasThere.value.isEmpty && seen.value == ["2"])
    place.run()
    #expect(wasThere.value == [true] && seen.value == ["2", "1"])
    moved.finish()
    place.run()
    other.finish()
    #expect(joined.isEnded)
    try moved.expectReleased()
  }

  @Test(arguments: Join.allCases) func `moves a part that starts later`(join: Join) throws {
    let place = ManualPlace()
    let wasThere = Box<[Bool]>([])
    let part = Flow.from(1...3).receive(on: place, buffer: 2).map {
      wasThere.value.append(place.isCurrent)
      return $0
    }
    let seen = Box<[Int]>([])
    let subscription = join.flow(part).subscribe { seen.value.append($0) }
    for _ in 0..<8 { place.run() }
    #expect(seen.value == [0, 1, 2, 3])
    #expect(wasThere.value == [true, true, true])
    #expect(subscription.isEnded)
  }

  enum Join: CaseIterable {
    case append, concatMap, flatMap, switchToLatest, recover, fallback

    func flow(_ part: Flow<Int>) -> Flow<Int> {
      switch self {
      case .append: Flow.just(0).append(part)
      case .concatMap: Flow.from(0...1).concatMap { $0 == 0 ? .just(0) : part }
      case .flatMap: Flow.from(0...1).flatMap(maxConcurrent: 2) { $0 == 0 ? .just(0) : part }
      case .switchToLatest: Flow.just(0).append(Flow.just(1).flatMapLatest { _ in part })
      case .recover: Flow.just(0).append(.fail(MarbleError())).catch { _ in part }
      case .fallback:
        Flow.just(0).append(.fail(MarbleError())).errorBoundary(label: "x") { _ in .resume(part) }
      }
    }
  }

  @Test func `crosses two places`() throws {
    let near = ManualPlace()
    let far = ManualPlace()
    let seen = Box<[String]>([])
    let flow = Flow.from(1...3).receive(on: far).map { number in
      seen.value.append("\(number) \(near.isCurrent) \(far.isCurrent)")
      return number
    }.receive(on: near)
    let subscription = flow.subscribe { seen.value.append("\($0) \(near.isCurrent) \(far.isCurrent)") }
    for _ in 0..<4 {
      near.run()
      far.run()
    }
    #expect(
      seen.value == [
        "1 false true", "2 false true", "3 false true", "1 true false", "2 true false", "3 true false",
      ])
    withExtendedLifetime(subscription) {}
  }

  @Test func `traps without space`() async {
    await #expect(processExitsWith: .failure) { _ = Flow.just(1).receive(on: .pool, buffer: 0) }
  }

  @Test(arguments: [ErrorOrder.afterElements, .immediate])
  func `a failure waits for the elements that wait, or overtakes them`(errors: ErrorOrder) throws {
    let discards = Discards()
    let source = TestFlow<Int>()
    let place = ManualPlace()
    let seen = source.flow.receive(on: place, buffer: 8, errors: errors).telling(discards).record(
      in: VirtualTime())
    place.run()
    source.send(1, 2)
    source.fail()
    place.run()
    if errors == .afterElements { try seen.expect(1, 2) }
    try seen.expectFailure(MarbleError.self)
    #expect(discards.all(.ended) == (errors == .immediate ? ["1", "2"] : []))
    try source.expectReleased()
  }

  @Test func `what was taken before an immediate failure stays delivered, and a completion waits`() throws {
    let source = TestFlow<Int>()
    let place = ManualPlace()
    let seen = source.flow.receive(on: place, errors: .immediate).record(in: VirtualTime())
    place.run()
    source.send(1)
    place.run()
    source.send(2)
    source.finish()
    place.run()
    try seen.expect(1, 2)
    try seen.expectFinished()
  }
}
