// A look at a run that goes on.
import FlowTesting
import Testing

@testable import Flows

@Suite struct FlowSnapshotTests {
  private let time = VirtualTime()
  private let source = TestFlow<Int>()

  @Test func `shows what a run owns`() throws {
    let emitter = Box<FlowEmitter<Int>?>(nil)
    let flow = Flow<Int>.create(buffer: 16, whenFull: .fail) { emitter.value = $0 }
      .checkpoint("decoding", file: "App/Chat.swift", line: 12)
      .timeout(idle: .seconds(1))
      .checkpoint("answer", file: "App/Chat.swift", line: 40)
      .scheduler(time)
    let subscription = flow.subscribe(demand: 3) { _ in }
    #expect(
      subscription.snapshot().description == """
        asked for 3
          answer (Chat.swift:40)
          timer
          decoding (Chat.swift:12)
          buffer: 0 of 16 wait, 3 are asked for
        """)
    for number in 1...5 { emitter.value?.yield(number) }
    #expect(subscription.snapshot().parts.last == .buffer(waiting: 2, capacity: 16, asked: .none))
    #expect(subscription.snapshot().outstanding == .none)
    subscription.cancel()
    #expect(subscription.snapshot() == FlowSnapshot(isEnded: true, outstanding: .none, parts: []))
    #expect(subscription.snapshot().description == "ended")
  }

  @Test func `shows the flows inside, and runs in another place`() {
    let one = source.flow.checkpoint("one", file: "a.swift", line: 1)
    let two = source.flow.checkpoint("two", file: "a.swift", line: 2)
    let subscription = one.receive(on: time, buffer: 4).merge(with: two).subscribe { _ in }
    time.run()
    #expect(
      subscription.snapshot().description == """
        asked for all
          part
            buffer: 0 of 4 wait, 128 are asked for
            run
              one (a.swift:1)
          part
            two (a.swift:2)
        """)
    subscription.cancel()
  }

  @Test func `shows tasks`() {
    let subscription = Flow<Int>.future { try await Task.never() }.subscribe { _ in }
    #expect(subscription.snapshot().parts.contains(.task))
    subscription.cancel()
  }
}

extension Task where Success == Never, Failure == Never {
  /// Waits until it is cancelled.
  fileprivate static func never() async throws -> Int {
    try await Flow<Int>.never().first() ?? 0
  }
}
