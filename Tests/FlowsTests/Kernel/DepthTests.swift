// Nesting, chains and recursion cost memory in a list, and no depth of the stack.
import FlowTesting
import Flows
import Testing

@Suite struct DepthTests {
  private let million = 1_000_000

  @Sendable private static func nest(_ depth: Int) -> Flow<Int> {
    depth == 0 ? .just(1) : Flow.just(depth).concatMap { nest($0 - 1) }
  }

  @Sendable private static func nestCrowds(_ depth: Int) -> Flow<Int> {
    depth == 0 ? .just(1) : Flow.just(depth).flatMap(maxConcurrent: 4) { nestCrowds($0 - 1) }
  }

  @Sendable private static func nestBoth(_ depth: Int) -> Flow<Int> {
    switch depth {
    case 0: .just(1)
    case let depth where depth % 2 == 0: Flow.just(depth).flatMap(maxConcurrent: .max) { nestBoth($0 - 1) }
    case let depth: Flow.just(depth).concatMap { nestBoth($0 - 1) }
    }
  }

  /// Not in the last place: something comes after each.
  @Sendable private static func nestInFront(_ depth: Int) -> Flow<Int> {
    depth == 0 ? .just(1) : Flow.just(depth).concatMap { nestInFront($0 - 1) }.append(.just(1))
  }

  /// Endless, like a loop.
  @Sendable private static func count(from first: Int) -> Flow<Int> {
    .just(first).append(.deferred { count(from: first + 1) })
  }

  private enum Level: FlowContextKey { static let defaultValue = -1 }

  /// With a name and a value at each level, of which the innermost see the innermost.
  @Sendable private static func nestNamed(_ depth: Int) -> Flow<Int> {
    if depth == 0 { return Flow.reading(Level.self) { .just($0) } }
    return Flow.just(depth).concatMap { nestNamed($0 - 1) }.named("\(depth)").withValue(
      depth, for: Level.self)
  }

  @Sendable private static func nestNamedCrowds(_ depth: Int) -> Flow<Int> {
    if depth == 0 { return Flow.reading(Level.self) { .just($0) } }
    return Flow.just(depth).flatMap(maxConcurrent: 4) { nestNamedCrowds($0 - 1) }
      .withValue(depth, for: Level.self).scheduler(SystemScheduler.shared)
  }

  private func count(_ flow: Flow<Int>) async throws -> Int {
    try await flow.reduce(0) { count, _ in count + 1 }
  }

  @Test func `a million flows of one element, one after another`() async throws {
    #expect(try await count(Flow.from(0..<million).concatMap { .just($0) }) == million)
  }

  @Test func `a million flows of one element, several at a time`() async throws {
    #expect(try await count(Flow.from(0..<million).flatMap(maxConcurrent: 4) { .just($0) }) == million)
  }

  @Test func `a million flows in each other`() async throws {
    #expect(try await count(Self.nest(million)) == 1)
  }

  @Test func `a hundred thousand flows in each other, each of which hands something up`() async throws {
    #expect(try await Self.nestNamed(100_000).collect() == [1])
    #expect(try await Self.nestNamedCrowds(100_000).collect() == [1])
  }

  @Test func `a million crowds in each other`() async throws {
    #expect(try await count(Self.nestCrowds(million)) == 1)
  }

  @Test func `a hundred thousand flows in each other, of both kinds`() async throws {
    #expect(try await count(Self.nestBoth(100_000)) == 1)
  }

  @Test func `a hundred thousand flows in each other, with something behind each`() async throws {
    #expect(try await count(Self.nestInFront(100_000)) == 100_001)
  }

  @Test func `a flow that ends with itself, a hundred thousand times`() async throws {
    #expect(try await Self.count(from: 0).prefix(100_000).reduce(0) { max($0, $1) } == 99_999)
  }

  @Test func `a hundred thousand flows appended one by one`() async throws {
    var flow = Flow.just(0)
    for element in 1..<100_000 { flow = flow.append(.just(element)) }
    #expect(try await count(flow) == 100_000)
  }

  @Test func `a hundred thousand flows prepended one by one`() async throws {
    var flow = Flow.just(0)
    for element in 1..<100_000 { flow = flow.prepend(.just(element)) }
    #expect(try await count(flow) == 100_000)
  }

  @Test func `a hundred thousand flows in a row, that are never run`() {
    var flow = Flow.just(0)
    for element in 1..<100_000 { flow = Flow.just(element).append(flow, .just(element)) }
    _ = flow
  }

  @Test func `a collection of a hundred thousand flows`() async throws {
    #expect(try await count(.concat((0..<100_000).map { .just($0) })) == 100_000)
    #expect(try await count(.merge((0..<100_000).map { .just($0) })) == 100_000)
  }
}
