// Elements made from a state.
import FlowTesting
import Flows
import Testing

@Suite struct GenerateTests {
  let powers = Flow<Int>.generate(1) { x in
    defer { x *= 2 }
    return x < 10 ? x : nil
  }

  @Test func `delivers what is made of the state, until that is nil`() throws {
    try marbles("generate(1) { x in defer { x *= 2 }; return x < 10 ? x : nil }  (1248|)") { [powers] _ in
      powers
    }
  }

  @Test func `makes one step per element that is asked for`() throws {
    let steps = Counter()
    let seen = Flow<Int>.generate(0) { x in
      steps.add()
      x += 1
      return x
    }.record(in: VirtualTime(), demand: 3)
    try seen.expect(1, 2, 3)
    try seen.done()
    #expect(steps.count == 3)
    seen.request(1)
    try seen.expect(4)
    #expect(steps.count == 4)
  }

  @Test func `every run begins with the initial state`() throws {
    for _ in 1...2 {
      let seen = powers.record(in: VirtualTime())
      try seen.expect(1, 2, 4, 8)
      try seen.expectFinished()
    }
  }

  @Test func `an error fails the flow after the elements before`() throws {
    let seen = Flow<Int>.generate(0) { x in
      x += 1
      if x == 3 { throw MarbleError() }
      return x
    }.record(in: VirtualTime())
    try seen.expect(1, 2)
    try seen.expectFailure(MarbleError.self)
    try seen.done()
  }

  @Test func `lets its state go when it is cancelled`() throws {
    let live = LiveCount()
    let seen = Flow<Int>.generate(nil as LiveCount.Token?) { token in
      token = token ?? live.token()
      return 1
    }.record(in: VirtualTime(), demand: 1)
    #expect(live.live == 1)
    seen.cancel()
    try live.expectNone()
  }
}
