// One element from a callback.
import FlowTesting
import Testing

@testable import Flows

@Suite struct FromCallbackTests {
  private typealias Completion = @Sendable (Result<Int, any Error>) -> Void
  private let completions = Journal<Completion>()
  private let cancels = Counter()

  private var flow: Flow<Int> {
    .fromCallback { [completions, cancels] completion in
      completions.note(completion)
      return { cancels.add() }
    }
  }

  @Test func `delivers the answer when it comes`() throws {
    try marbles(
      """
      answer        ---a|
      fromCallback  ---(a|)
      """
    ) { sources in
      let answer = sources["answer"]
      return Flow.fromCallback { completion in
        let subscription = answer.subscribe { completion(.success($0)) }
        return { subscription.cancel() }
      }.onCompletion { _ = answer }
    }
  }

  @Test func `begins with the first request, anew for each run`() throws {
    let seen = flow.record(in: VirtualTime(), demand: 0)
    #expect(completions.count == 0)
    seen.request(1)
    #expect(completions.count == 1)
    completions.entries[0](.success(7))
    try seen.expect(7)
    try seen.expectFinished()
    _ = flow.record(in: VirtualTime())
    #expect(completions.count == 2)
  }

  @Test func `does not cancel what has called back`() throws {
    let seen = flow.record(in: VirtualTime())
    completions.entries[0](.failure(MarbleError()))
    try seen.expectFailure(MarbleError.self)
    #expect(cancels.count == 0)
  }

  @Test func `cancels once, and discards what comes late`() throws {
    let discards = Discards()
    let seen = flow.telling(discards).record(in: VirtualTime())
    seen.cancel()
    seen.cancel()
    #expect(cancels.count == 1)
    completions.entries[0](.success(7))
    #expect(discards.all == ["7"])
  }

  @Test func `only the first call counts`() throws {
    let seen = flow.record(in: VirtualTime())
    completions.entries[0](.success(1))
    completions.entries[0](.success(2))
    completions.entries[0](.failure(MarbleError()))
    try seen.expect(1)
    try seen.expectFinished()
  }

  @Test func `fails when it cannot begin`() throws {
    let seen = Flow<Int>.fromCallback { _ in throw MarbleError() }.record(in: VirtualTime())
    try seen.expectFailure(MarbleError.self)
  }
}
