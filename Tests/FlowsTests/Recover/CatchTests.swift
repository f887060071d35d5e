// Another flow after a failure.
import FlowTesting
import Flows
import Synchronization
import Testing

private struct Refused: Error, Equatable {}

@Suite struct CatchTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()
  let other = TestFlow<Int>("other")

  @Test func `goes on with another flow after a failure`() throws {
    try marbles(
      """
      source          -a-b-#
      other           -x-y-|
      catch { other } -a-b--x-y-|
      """
    ) { sources in
      let other = sources["other"]
      return sources["source"].catch { _ in other }
    }
  }

  @Test func `asks the second flow for what is still asked for`() throws {
    try marbles(
      """
      source          ab#
      other           -xyz|
      catch { other } ab-x--y----
      demand          3-----1----
      asked source    3----------
      asked other     --1---1----
      """
    ) { sources in
      let other = sources["other"]
      return sources["source"].catch { _ in other }
    }
  }

  @Test func `lets the first flow go before it asks what to do`() throws {
    let seen = source.flow.catch { [source, other] error in
      #expect(source.isReleased)
      #expect(error is MarbleError)
      return other.flow
    }.record(in: time)
    source.send(1)
    source.fail()
    #expect(other.isActive)
    other.send(2)
    other.finish()
    try seen.expect(1, 2)
    try seen.expectFinished()
    try seen.done()
    try other.expectReleased()
  }

  @Test func `passes on a failure of the second flow`() throws {
    let seen = source.flow.catch { [other] _ in other.flow }.record(in: time)
    source.fail()
    other.fail(Refused())
    try seen.expectFailure(Refused.self)
    #expect(source.subscriptions == 1 && other.subscriptions == 1)
  }

  @Test func `fails with what the handler throws`() throws {
    let seen = source.flow.catch { _ in throw Refused() }.record(in: time)
    source.fail()
    try seen.expectFailure(Refused.self)
    try source.expectReleased()
  }

  @Test func `does nothing while nothing fails, and cancels what it runs`() throws {
    let quiet = source.flow.catch { _ in .never() }.record(in: time)
    source.send(1)
    source.finish()
    try quiet.expect(1)
    try quiet.expectFinished()
    let seen = source.flow.catch { [other] _ in other.flow }.record(in: time)
    source.fail()
    seen.cancel()
    try source.expectReleased()
    try other.expectReleased()
    #expect(other.cancellations == 1)
  }

  @Test func `a failure needs no demand`() throws {
    let seen = source.flow.catch { _ in .empty() }.record(in: time, demand: .none)
    source.fail()
    try seen.expectFinished()
  }

  @Test func `never hears of errors of the consumer or of operators downstream`() throws {
    let calls = Atomic<Int>(0)
    let failures = Mutex<[(any Error)?]>([])
    let caught = source.flow.catch { _ in
      calls.add(1, ordering: .relaxed)
      return .never()
    }
    let subscription = caught.subscribe { _ in
      throw Refused()
    } onEnd: { end in
      failures.withLock { $0.append(end.error) }
    }
    source.send(1)
    #expect(subscription.isEnded)
    let seen = caught.map { (_: Int) -> Int in throw Refused() }.record(in: time)
    source.send(1)
    try seen.expectFailure(Refused.self)
    #expect(failures.withLock { $0.count == 1 && $0[0] is Refused })
    #expect(calls.load(ordering: .relaxed) == 0)
    try source.expectReleased()
  }
}

extension FlowEnd {
  fileprivate var error: (any Error)? { if case .failed(let error) = self { error } else { nil } }
}
