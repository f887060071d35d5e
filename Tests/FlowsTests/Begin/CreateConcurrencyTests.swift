// Several threads that yield, and a consumer on another.
import FlowTesting
import Testing

@testable import Flows

@Suite struct CreateConcurrencyTests {
  private static let senders = 3
  private static let each = 1000

  /// The elements of every sender, in the order in which it sent them.
  private func expectInOrder(_ elements: [Int]) {
    for sender in 0..<Self.senders {
      let mine = elements.filter { $0 / Self.each == sender }
      #expect(zip(mine, mine.dropFirst()).allSatisfy { $0 < $1 })
    }
  }

  @Test(arguments: [OverflowPolicy.dropNewest, .dropOldest])
  func `what was taken comes, and what was given up is named`(policy: OverflowPolicy) {
    let crew = Crew(Self.senders + 1)
    let emitter = Box<FlowEmitter<Int>?>(nil)
    let seen = Journal<Int>()
    let lost = Journal<Int>()
    let discards = Discards()
    let callbacks = Callbacks()
    let flow = Flow<Int>.create(buffer: 8, whenFull: policy) { emitter.value = $0 }.telling(discards)
    let subscription = flow.subscribe(demand: 0) { element in
      callbacks.value { seen.note(element) }
    } onEnd: { _ in
      callbacks.end()
    }
    crew.run { thread in
      for number in 0..<Self.each {
        if thread == Self.senders {
          subscription.request(1)
        } else if case .dropped(let old) = emitter.value!.yield(thread * Self.each + number) {
          lost.note(old)
        }
      }
    }
    subscription.request(8)
    emitter.value?.finish()
    #expect(callbacks.breaches.count == 0 && callbacks.ends.count == 1)
    #expect(Set(seen.entries).isDisjoint(with: lost.entries))
    #expect(seen.count + lost.count == Self.senders * Self.each)
    #expect(discards.all.compactMap { Int($0) }.sorted() == lost.entries.sorted())
    expectInOrder(seen.entries)
  }

  @Test func `an end beside elements: those that were taken come before it, the others are refused`() {
    let crew = Crew(Self.senders)
    for round in 0..<100 {
      let emitter = Box<FlowEmitter<Int>?>(nil)
      let taken = Counter()
      let seen = Journal<Int>()
      let callbacks = Callbacks()
      let flow = Flow<Int>.create(buffer: 100_000, whenFull: .fail) { emitter.value = $0 }
      let subscription = flow.subscribe { element in
        callbacks.value { seen.note(element) }
      } onEnd: { _ in
        callbacks.end()
      }
      crew.run { thread in
        for number in 0..<100 {
          if thread == 0, number == round { emitter.value?.finish() }
          if case .enqueued = emitter.value!.yield(thread * Self.each + number) { taken.add() }
        }
      }
      #expect(callbacks.breaches.count == 0 && callbacks.ends.count == 1)
      #expect(seen.count == taken.count)
      expectInOrder(seen.entries)
      #expect(subscription.isEnded)
    }
  }

  @Test func `a producer that is told sends exactly what several threads ask for`() {
    let crew = Crew(3)
    let callbacks = Callbacks()
    let flow = Flow<Int>.create(buffer: 10_000, whenFull: .fail) { emitter in
      emitter.onRequest { while emitter.demand > 0 { emitter.yield(1) } }
    }
    let subscription = flow.subscribe(demand: 0) { _ in
      callbacks.value()
    } onEnd: { _ in
      callbacks.end()
    }
    crew.run { _ in for _ in 0..<1000 { subscription.request(1) } }
    #expect(callbacks.values.count == 3000 && callbacks.ends.count == 0 && callbacks.breaches.count == 0)
  }

  @Test func `what is left for the end runs once, however late it is left`() {
    let crew = Crew(2)
    for _ in 0..<400 {
      let emitter = Box<FlowEmitter<Int>?>(nil)
      let calls = Counter()
      let subscription = Flow<Int>.create(buffer: 1, whenFull: .fail) { emitter.value = $0 }
        .subscribe { _ in }
      crew.run { thread in
        if thread == 0 { emitter.value?.onCancel { calls.add() } } else { subscription.cancel() }
      }
      #expect(calls.count == 1)
    }
  }
}
