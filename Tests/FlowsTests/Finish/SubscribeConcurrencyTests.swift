// Cancelling, asking and delivering on several threads at once.
import FlowTesting
import Testing

@testable import Flows

@Suite struct SubscribeConcurrencyTests {
  /// Everything that a run of ``source`` holds, and its elements.
  private let held = LiveCount()
  private let released = Counter()

  /// A flow of elements that are counted as long as they live, which `emitter` feeds.
  private func source(_ emitter: Box<FlowEmitter<LiveCount.Token>?>) -> Flow<LiveCount.Token> {
    Flow<LiveCount.Token>.create(buffer: 64, whenFull: .dropOldest) { [held, released] new in
      emitter.value = new
      new.onCancel { [token = held.token()] in withExtendedLifetime(token) { released.add() } }
    }.map { [token = held.token()] element in withExtendedLifetime(token) { element } }
  }

  @Test func `cancelled from another thread it hears at most one callback more`() {
    let crew = Crew(2)
    var random = SplitMix(seed: 31)
    for round in 1...400 {
      let emitter = Box<FlowEmitter<LiveCount.Token>?>(nil)
      let callbacks = Callbacks()
      let subscription = source(emitter).subscribe { _ in
        callbacks.value()
      } onEnd: { _ in
        callbacks.end()
      }
      let pause = Int64.random(in: 0...30_000, using: &random)
      crew.run { [held] thread in
        if thread == 0 {
          for _ in 0..<50 { emitter.value?.yield(held.token()) }
          emitter.value?.finish()
        } else {
          spin(nanoseconds: pause)
          subscription.cancel()
          let before = callbacks.begun.count
          subscription.cancel()
          subscription.request(1)
          // One may have been on its way. This thread goes on while the other delivers.
          spin(nanoseconds: 5_000)
          #expect(callbacks.begun.count - before <= 1)
        }
      }
      #expect(callbacks.breaches.count == 0 && callbacks.ends.count <= 1)
      #expect(subscription.isEnded)
      // The emitter and the handle are still there.
      #expect(held.live == 0 && released.count == round)
      withExtendedLifetime((emitter, subscription)) {}
    }
  }

  @Test func `nor more than one of a batch that is being handed over`() {
    let crew = Crew(2)
    var random = SplitMix(seed: 32)
    for _ in 0..<200 {
      let callbacks = Callbacks()
      let subscription = Flow.from(0...).map { [token = held.token()] number in
        withExtendedLifetime(token) { number }
      }.subscribe(demand: 0) { _ in
        callbacks.value { spin(nanoseconds: 200) }
      }
      let pause = Int64.random(in: 0...50_000, using: &random)
      crew.run { thread in
        if thread == 0 { return subscription.request(.max) }
        while callbacks.begun.count == 0 {}
        spin(nanoseconds: pause)
        subscription.cancel()
        let before = callbacks.begun.count
        spin(nanoseconds: 5_000)
        #expect(callbacks.begun.count - before <= 1)
      }
      #expect(callbacks.breaches.count == 0 && subscription.isEnded)
      #expect(held.live == 0)
    }
  }

  @Test func `cancelled by everybody at once, also by its own callback, it ends once`() {
    let crew = Crew(3)
    for round in 1...300 {
      let emitter = Box<FlowEmitter<LiveCount.Token>?>(nil)
      let handle = Box<FlowSubscription?>(nil)
      let callbacks = Callbacks()
      handle.value = source(emitter).subscribe { _ in
        callbacks.value { if callbacks.values.count == 5 { handle.value?.cancel() } }
      } onEnd: { _ in
        callbacks.end()
      }
      crew.run { [held] thread in
        if thread == 0 { for _ in 0..<10 { emitter.value?.yield(held.token()) } }
        handle.value?.cancel()
        handle.value?.cancel()
      }
      #expect(callbacks.breaches.count == 0 && callbacks.ends.count == 0)
      #expect(callbacks.values.count <= 5)
      #expect(handle.value?.isEnded == true)
      #expect(held.live == 0 && released.count == round)
      handle.value = nil
    }
  }

  @Test func `an end that comes while it is being subscribed to is heard once`() {
    let crew = Crew(2)
    for _ in 0..<300 {
      let emitter = Box<FlowEmitter<LiveCount.Token>?>(nil)
      let subscription = Box<FlowSubscription?>(nil)
      let callbacks = Callbacks()
      let mayEnd = Counter()
      crew.run { thread in
        if thread == 0 {
          subscription.value = source(emitter).subscribe { _ in
            callbacks.value()
          } onEnd: { _ in
            callbacks.end()
          }
          mayEnd.add()
        } else {
          while emitter.value == nil {}
          emitter.value?.yield(held.token())
          emitter.value?.finish()
          // The first thread may have left the end to this one, or the reverse.
          while mayEnd.count == 0 {}
        }
      }
      #expect(callbacks.values.count == 1 && callbacks.ends.count == 1 && callbacks.breaches.count == 0)
      #expect(held.live == 0 && subscription.value?.isEnded == true)
    }
  }

  @Test func `a callback may cancel while it is being subscribed to, on whatever thread`() {
    let crew = Crew(2)
    for _ in 0..<300 {
      let emitter = Box<FlowEmitter<LiveCount.Token>?>(nil)
      let handle = Box<FlowSubscription?>(nil)
      let wish = Counter()
      let callbacks = Callbacks()
      crew.run { thread in
        if thread == 0 {
          let subscription = source(emitter).subscribe { _ in
            callbacks.value {
              // Before `subscribe` has returned there is no handle.
              wish.add()
              handle.value?.cancel()
            }
          } onEnd: { _ in
            callbacks.end()
          }
          handle.value = subscription
          if wish.count > 0 { subscription.cancel() }
        } else {
          while emitter.value == nil {}
          for _ in 0..<5 { emitter.value?.yield(held.token()) }
        }
      }
      // What was in the middle of it when the handle came has seen it, or was seen.
      handle.value?.cancel()
      #expect(callbacks.values.count >= 1 && callbacks.ends.count == 0 && callbacks.breaches.count == 0)
      #expect(held.live == 0)
    }
  }

  @Test func `what is asked for on several threads adds up`() {
    let crew = Crew(3)
    let callbacks = Callbacks()
    let subscription = Flow.from(0...).subscribe(demand: 0) { _ in callbacks.value() }
    crew.run { thread in
      for number in 0..<2000 { subscription.request(1 + (number + thread) % 3) }
    }
    #expect(callbacks.values.count == 12_000 && callbacks.breaches.count == 0)
    subscription.cancel()
  }

  @Test func `let go on another thread it cancels`() {
    let crew = Crew(2)
    for round in 1...300 {
      let emitter = Box<FlowEmitter<LiveCount.Token>?>(nil)
      let callbacks = Callbacks()
      let handle = Box<FlowSubscription?>(
        source(emitter).subscribe { _ in
          callbacks.value()
        } onEnd: { _ in
          callbacks.end()
        })
      crew.run { [held] thread in
        if thread == 0 {
          for _ in 0..<20 { emitter.value?.yield(held.token()) }
        } else {
          handle.value = nil
        }
      }
      #expect(callbacks.breaches.count == 0 && callbacks.ends.count == 0)
      #expect(held.live == 0 && released.count == round)
    }
  }
}
