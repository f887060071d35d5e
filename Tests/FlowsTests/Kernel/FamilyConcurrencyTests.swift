// Children that are woken from several threads at once while their run is driven.
import Synchronization
import Testing

@testable import Flows

@Suite struct FamilyConcurrencyTests {
  private static let sources = 4
  private static let perSource = 2_000

  /// A flow that a task of its own feeds with the numbers of `key`, in order. What its consumer took is added to
  /// `taken`, and the task to `done` when it is.
  private static func fed(_ key: Int, taken: Counter? = nil, done: Counter? = nil) -> Flow<Int> {
    .create(buffer: perSource, whenFull: .fail) { emitter in
      Task.detached {
        defer { done?.add() }
        for number in 0..<perSource {
          guard case .enqueued = emitter.yield(key * perSource + number) else { return }
          taken?.add()
          if number % 64 == 0 { await Task.yield() }
        }
        emitter.finish()
      }
    }
  }

  private static func fed(taken: Counter? = nil, done: Counter? = nil) -> [Flow<Int>] {
    (0..<sources).map { fed($0, taken: taken, done: done) }
  }

  /// Nothing lost, nothing twice, each source in order.
  private func expectAll(_ elements: [Int]) {
    #expect(elements.count == Self.sources * Self.perSource)
    for key in 0..<Self.sources {
      let mine = elements.filter { $0 / Self.perSource == key }
      #expect(mine == Array(key * Self.perSource..<(key + 1) * Self.perSource))
    }
  }

  private func all<Element>(of flow: Flow<Element>) async throws -> [Element] {
    try await flow.reduce(into: []) { $0.append($1) }
  }

  @Test func `a merge loses nothing and delivers nothing twice`() async throws {
    expectAll(try await all(of: .merge(Self.fed())))
  }

  @Test func `nor when its consumer asks for one at a time`() async throws {
    var elements: [Int] = []
    for try await element in Flow.merge(Self.fed()).values { elements.append(element) }
    expectAll(elements)
  }

  @Test func `nor when it is asked from several threads`() async throws {
    let elements = Box<[Int]>([])
    let flow = Flow.merge(Self.fed())
    await withCheckedContinuation { continuation in
      let subscription = flow.subscribe(
        demand: 1, onValue: { element in elements.change { $0.append(element) } },
        onEnd: { _ in continuation.resume() })
      for _ in 0..<3 {
        Task.detached {
          while !subscription.isEnded {
            subscription.request(1)
            await Task.yield()
          }
        }
      }
    }
    expectAll(elements.value)
  }

  @Test func `a flatMap loses nothing and delivers nothing twice`() async throws {
    let flow = Flow.from(0..<Self.sources).flatMap(maxConcurrent: 3) { Self.fed($0) }
    expectAll(try await all(of: flow))
  }

  @Test func `a concatMap keeps the order`() async throws {
    let flow = Flow.from(0..<Self.sources).concatMap { Self.fed($0) }
    #expect(try await all(of: flow) == Array(0..<Self.sources * Self.perSource))
  }

  @Test func `a zip keeps together what belongs together`() async throws {
    let rows = try await all(of: .zip(Self.fed()))
    #expect(rows.count == Self.perSource)
    for (number, row) in rows.enumerated() {
      #expect(row == (0..<Self.sources).map { $0 * Self.perSource + number })
    }
  }

  @Test func `a combineLatest ends with the last of each, and never goes back`() async throws {
    let rows = try await all(of: .combineLatest(Self.fed()))
    let last = (1...Self.sources).map { $0 * Self.perSource - 1 }
    #expect(rows.last == last)
    for (row, next) in Swift.zip(rows, rows.dropFirst()) {
      #expect(Swift.zip(row, next).allSatisfy { $0 <= $1 })
    }
  }

  @Test func `a race has one winner, whole`() async throws {
    for _ in 0..<20 {
      let elements = try await all(of: .race(Self.fed()))
      let key = try #require(elements.first) / Self.perSource
      #expect(elements == Array(key * Self.perSource..<(key + 1) * Self.perSource))
    }
  }

  @Test(arguments: [true, false])
  func `calls on many threads lose nothing`(ordered: Bool) async throws {
    let flow = Self.fed(0).asyncMap(maxConcurrent: 8, ordered: ordered) { number in
      if number % 3 == 0 { await Task.yield() }
      return number
    }
    let elements = try await all(of: flow)
    #expect(elements.sorted() == Array(0..<Self.perSource))
    if ordered { #expect(elements == elements.sorted()) }
  }

  @Test func `cancelled in the middle, what was taken was delivered or discarded by name`() async throws {
    for round in 0..<20 {
      let taken = Counter()
      let done = Counter()
      let passed = Box<Set<Int>>([])
      let discards = Discards()
      // What the merge has passed on is the consumer's, who may have left meanwhile.
      let merged = Flow.merge(Self.fed(taken: taken, done: done)).telling(discards)
      let noted = merged.map { element in passed.change { _ = $0.insert(element) } }
      let subscription = noted.subscribe { _ in }
      let wanted = round * 100
      while passed.value.count < wanted { await Task.yield() }
      subscription.cancel()
      // Who has fed the run has also driven it as far as it went.
      while done.count < Self.sources { await Task.yield() }
      let discarded = discards.all.compactMap { Int($0) }
      #expect(Set(discarded).count == discarded.count)
      #expect(passed.value.isDisjoint(with: discarded))
      #expect(passed.value.count + discarded.count == taken.count)
    }
  }

  @Test func `switching lets every flow go, whoever wakes it`() async throws {
    let released = Counter()
    let outer = Flow<Int>.create(buffer: 1000, whenFull: .fail) { emitter in
      Task.detached {
        for key in 0..<200 {
          emitter.yield(key)
          await Task.yield()
        }
        emitter.finish()
      }
    }
    let flow = outer.flatMapLatest { key in
      Flow<Int> { context in
        context.onEnd { released.add() }
        return Self.fed(key).start(in: context)
      }
    }
    let elements = try await all(of: flow)
    let last = Array(199 * Self.perSource..<200 * Self.perSource)
    #expect(elements.suffix(Self.perSource) == last[...])
    #expect(elements == elements.sorted())
    #expect(released.count > 0)
  }
}
