// What it delivers becomes the value of something.
import FlowTesting
import Flows
import Testing

@Suite struct AssignTests {
  private final class Model: Sendable {
    private let box = Box(0)
    var number: Int {
      get { box.value }
      set { box.value = newValue }
    }
  }

  private let source = TestFlow<Int>()

  @Test func `sets a property`() throws {
    let model = Model()
    let ends = Counter()
    let subscription = source.flow.assign(to: \.number, on: model) { _ in ends.add() }
    source.send(1, 2)
    #expect(model.number == 2)
    source.finish()
    #expect(ends.count == 1 && subscription.isEnded)
    try source.expectReleased()
  }

  @Test func `ends when the object is gone, which it does not keep`() throws {
    let failures = Counter()
    var model: Model? = Model()
    weak let seen = model
    let subscription = source.flow.assign(to: \.number, on: model!) { end in
      if case .failed(is CancellationError) = end { failures.add() }
    }
    model = nil
    #expect(seen == nil)
    source.send(1)
    #expect(failures.count == 1 && subscription.isEnded)
    try source.expectReleased()
  }

  @Test func `changes a current value, and does not end it`() throws {
    let state = CurrentValueFlow(0)
    let seen = state.flow.record(in: VirtualTime())
    let subscription = source.flow.assign(to: state)
    source.send(1, 2)
    source.fail()
    #expect(state.value == 2)
    try seen.expect(0, 1, 2)
    try seen.expectNothing()
    #expect(subscription.isEnded)
  }
}
