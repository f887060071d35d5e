// Points in time, at the edges.
import Testing

@testable import Flows

@Suite struct FlowInstantTests {
  let start = FlowInstant(nanoseconds: 1000)

  @Test func `adds and subtracts durations`() {
    #expect(start.advanced(by: .microseconds(2)).nanoseconds == 3000)
    #expect(start.advanced(by: .nanoseconds(-1001)).nanoseconds == -1)
    #expect(start.duration(to: FlowInstant(nanoseconds: 4000)) == .microseconds(3))
    #expect(start.duration(to: FlowInstant(nanoseconds: 0)) == .microseconds(-1))
  }

  @Test func `rounds up, so that nothing is early`() {
    let half = Duration(secondsComponent: 0, attosecondsComponent: 500_000_000)
    #expect(start.advanced(by: half).nanoseconds == 1001)
    #expect(start.advanced(by: .zero - half).nanoseconds == 1000)
    #expect((Duration.seconds(1) + half).nanoseconds == 1_000_000_001)
  }

  @Test func `saturates`() {
    let ages = Duration.seconds(Int64.max)
    #expect(start.advanced(by: ages) == .distantFuture)
    #expect(FlowInstant.distantFuture.advanced(by: .nanoseconds(1)) == .distantFuture)
    #expect(FlowInstant(nanoseconds: -1).advanced(by: .zero - ages).nanoseconds == .min)
    #expect(Duration.seconds(9_223_372_036).nanoseconds == 9_223_372_036_000_000_000)
    #expect(Duration.seconds(9_223_372_037).nanoseconds == .max)
    #expect(Duration.seconds(-9_223_372_037).nanoseconds == .min)
    let edge = FlowInstant(nanoseconds: .min)
    #expect(edge.duration(to: .distantFuture) == .nanoseconds(Int64.max))
    #expect(FlowInstant.distantFuture.duration(to: edge) == .nanoseconds(Int64.min))
  }
}
