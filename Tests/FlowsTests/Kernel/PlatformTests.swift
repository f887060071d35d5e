// What the operating system gives.
import Synchronization
import Testing

@testable import Flows

@Suite struct PlatformTests {
  @Test func `the clocks do not run backwards, and the cheap one lags by less than it says`() {
    var last = Platform.now()
    var worst: Int64 = 0
    for _ in 0..<100_000 {
      // The exact clock is read first, so that a pause between the two cannot look like a lag.
      let now = Platform.now()
      let approximation = Platform.approximateNow()
      #expect(now >= last)
      worst = max(worst, now - approximation)
      last = now
    }
    #expect(worst <= Platform.approximationError)
    #expect(Platform.approximateNow() <= Platform.now())
  }

  @Test func `a signal before the wait is not lost, and several are one`() {
    let signal = ThreadSignal()
    signal.signal()
    signal.signal()
    #expect(signal.wait())
    #expect(!signal.wait(until: Platform.now() + 1_000_000))
  }

  @Test func `a wait ends at its deadline, not before`() {
    let deadline = Platform.now() + 3_000_000
    #expect(!ThreadSignal().wait(until: deadline))
    #expect(Platform.now() >= deadline)
  }

  @Test func `a thread has a number of its own, and wakes another`() {
    let signal = ThreadSignal()
    let other = Number()
    Platform.startThread("test") {
      other.value.store(Platform.threadID, ordering: .relaxed)
      signal.signal()
    }
    #expect(signal.wait(until: Platform.now() + 60_000_000_000))
    #expect(other.value.load(ordering: .relaxed) != Platform.threadID)
    #expect(other.value.load(ordering: .relaxed) != 0)
  }

  @Test func `two threads signal to and fro, and none is lost`() {
    let (there, back) = (ThreadSignal(), ThreadSignal())
    Platform.startThread("test") {
      for _ in 0..<20_000 {
        there.wait()
        back.signal()
      }
    }
    let isAnswered = (0..<20_000).allSatisfy { turn in
      there.signal()
      // Some are waited for with a deadline, so that both ways of falling asleep are gone.
      return back.wait(until: turn % 3 == 0 ? nil : Platform.now() + 60_000_000_000)
    }
    #expect(isAnswered)
  }

  private final class Number: Sendable { let value = Atomic<UInt>(0) }
}
