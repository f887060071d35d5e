// Connections that begin and end on several threads.
import FlowTesting
import Testing

@testable import Flows

@Suite struct MulticastConcurrencyTests {
  @Test func `every subscriber comes to an end, whoever connects and disconnects meanwhile`() throws {
    let crew = Crew(4)
    let held = LiveCount()
    for _ in 0..<300 {
      let started = Counter()
      let ended = Counter()
      let source = Flow<Int> { context in
        started.add()
        context.onEnd { ended.add() }
        var left = 5
        return { [token = held.token()] room in
          withExtendedLifetime(token) {
            while !room.isFull, left > 0 {
              room.append(left)
              left -= 1
            }
          }
          return left > 0 ? .more : .finished
        }
      }
      let shared = source.multicast(buffer: 2)
      let callbacks = Callbacks()
      crew.run { thread in
        if thread < 2 {
          let connection = shared.connect()
          connection.cancel()
        } else {
          let subscription = shared.flow.subscribe { _ in
            callbacks.value()
          } onEnd: { _ in
            callbacks.end()
          }
          subscription.cancel()
        }
      }
      #expect(started.count == ended.count)
      #expect(held.live == 0)
    }
  }

  @Test func `an end and a disconnection at the same moment make one end`() {
    let crew = Crew(2)
    for _ in 0..<500 {
      let emitter = Box<FlowEmitter<Int>?>(nil)
      let shared = Flow<Int>.create(buffer: 4, whenFull: .fail) { emitter.value = $0 }.multicast()
      let ends = Counter()
      let subscription = shared.flow.subscribe { _ in
      } onEnd: { _ in
        ends.add()
      }
      let connection = shared.connect()
      crew.run { thread in
        if thread == 0 { connection.cancel() } else { emitter.value?.finish() }
      }
      #expect(ends.count == 1)
      #expect(subscription.isEnded && connection.isEnded)
    }
  }

  @Test func `the last subscriber may leave while the first one asks`() {
    let crew = Crew(2)
    for _ in 0..<500 {
      let started = Counter()
      let ended = Counter()
      let source = Flow<Int> { context in
        started.add()
        context.onEnd { ended.add() }
        return { _ in .pending }
      }
      let shared = source.share()
      let subscription = shared.subscribe(demand: 0) { _ in }
      crew.run { thread in
        if thread == 0 { subscription.cancel() } else { subscription.request(1) }
      }
      #expect(started.count == ended.count)
    }
  }
}
