// Callbacks, in a bounded buffer.
import FlowTesting
import Testing

@testable import Flows

@Suite struct CreateTests {
  let time = VirtualTime()
  let emitters = Journal<FlowEmitter<Int>>()

  private func created(_ capacity: Int, _ policy: OverflowPolicy) -> Flow<Int> {
    .create(buffer: capacity, whenFull: policy) { [emitters] in emitters.note($0) }
  }

  private var emitter: FlowEmitter<Int> { emitters.entries[0] }

  @Test func `delivers what is yielded`() throws {
    try marbles(
      """
      yields  -a-b-c-|
      create  -a-b-c-|
      """
    ) { sources in
      let yields = sources["yields"]
      return .create(buffer: 16, whenFull: .dropOldest) { emitter in
        let feed = yields.subscribe {
          emitter.yield($0)
        } onEnd: { _ in
          emitter.finish()
        }
        emitter.onCancel { feed.cancel() }
      }
    }
  }

  @Test func `holds what was not asked for`() throws {
    let seen = created(2, .dropNewest).record(in: time, demand: 0)
    #expect(emitter.yield(1).remaining == 1)
    #expect(emitter.yield(2).remaining == 0)
    try seen.expectNothing()
    seen.request(1)
    try seen.expect(1)
    seen.request(5)
    try seen.expect(2)
    emitter.finish()
    try seen.expectFinished()
    try seen.done()
  }

  @Test func `drops the newest when full, and says so`() throws {
    let discards = Discards()
    let seen = created(2, .dropNewest).telling(discards).record(in: time, demand: 0)
    for number in 1...2 { emitter.yield(number) }
    #expect(emitter.yield(3).dropped == 3)
    seen.request(9)
    try seen.expect(1, 2)
    try seen.done()
    #expect(discards.all(.policy) == ["3"])
  }

  @Test func `drops the oldest when full, and says so`() throws {
    let discards = Discards()
    let seen = created(2, .dropOldest).telling(discards).record(in: time, demand: 0)
    for number in 1...2 { emitter.yield(number) }
    #expect(emitter.yield(3).dropped == 1)
    seen.request(9)
    try seen.expect(2, 3)
    try seen.done()
    #expect(discards.all(.policy) == ["1"])
  }

  @Test func `fails when full, after what waits`() throws {
    let seen = created(2, .fail).record(in: time, demand: 0)
    for number in 1...2 { emitter.yield(number) }
    #expect(emitter.yield(3).dropped == 3)
    #expect(emitter.yield(4).isTerminated)
    seen.request(1)
    try seen.expect(1)
    seen.request(1)
    try seen.expect(2)
    #expect(try seen.expectFailure(FlowBufferOverflow.self) == FlowBufferOverflow(capacity: 2))
    try seen.done()
  }

  @Test func `says that nobody listens`() throws {
    let seen = created(2, .fail).record(in: time)
    #expect(emitter.yield(1).remaining == 1)
    seen.cancel()
    #expect(emitter.yield(2).isTerminated)
    #expect(emitter.demand == 0)
    try seen.expect(1)
    try seen.done()
  }

  @Test func `the first ending counts`() throws {
    let seen = created(2, .fail).record(in: time)
    emitter.finish()
    emitter.fail(MarbleError())
    #expect(emitter.yield(1).isTerminated)
    try seen.expectFinished()
    try seen.done()
  }

  @Test func `an error of the producer fails the flow`() throws {
    let seen = Flow<Int>.create(buffer: 1, whenFull: .fail) { emitter in
      emitter.yield(1)
      throw MarbleError()
    }.record(in: time)
    try seen.expect(1)
    try seen.expectFailure(MarbleError.self)
  }

  @Test func `tells how much is asked for, and when`() throws {
    let requests = Journal<Int>()
    let flow = Flow<Int>.create(buffer: 9, whenFull: .fail) { [emitters] emitter in
      emitters.note(emitter)
      emitter.onRequest { requests.note(emitter.demand) }
    }
    let seen = flow.record(in: time, demand: 0)
    #expect(requests.entries == [])
    seen.request(2)
    #expect(requests.entries == [2])
    emitter.yield(1)
    #expect(emitter.demand == 1)
    seen.request(3)
    #expect(emitter.demand == 4)
    try seen.expect(1)
  }

  @Test func `a producer that answers requests needs no buffer`() throws {
    let flow = Flow<Int>.create(buffer: 1, whenFull: .fail) { emitter in
      let last = Counter()
      emitter.onRequest {
        while emitter.demand > 0, last.count < 1000 {
          last.add()
          emitter.yield(last.count)
        }
        if last.count == 1000 { emitter.finish() }
      }
    }
    let seen = flow.record(in: time, demand: 1)
    for _ in 1..<1000 { seen.request(1) }
    #expect(seen.elements == Array(1...1000))
    guard case .finished? = seen.end else { throw MarbleError() }
  }

  @Test func `calls back once at the end, however it ends`() throws {
    for ending in 0..<3 {
      let ends = Counter()
      let seen = Flow<Int>.create(buffer: 1, whenFull: .fail) { emitter in
        emitter.onCancel { ends.add() }
        if ending == 0 { emitter.finish() }
        if ending == 1 { emitter.fail(MarbleError()) }
      }.record(in: time)
      seen.cancel()
      #expect(ends.count == 1)
      seen.cancel()
      #expect(ends.count == 1)
    }
  }

  @Test func `what waits at the end is discarded by name`() throws {
    let discards = Discards()
    let seen = created(3, .fail).telling(discards).record(in: time, demand: 0)
    for number in 1...2 { emitter.yield(number) }
    seen.cancel()
    #expect(discards.all(.ended) == ["1", "2"])
  }

  @Test func `a buffer without room traps`() async {
    await #expect(processExitsWith: .failure) {
      _ = Flow<Int>.create(buffer: 0, whenFull: .fail) { _ in }
    }
  }
}

extension FlowEmitter.YieldResult {
  var remaining: Int? { if case .enqueued(let remaining) = self { remaining } else { nil } }
  var dropped: Element? { if case .dropped(let element) = self { element } else { nil } }
  var isTerminated: Bool { if case .terminated = self { true } else { false } }
}
