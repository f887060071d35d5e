// A promise that is kept, cancelled and listened to at the same moment.
import FlowTesting
import Testing

@testable import Flows

@Suite struct PromiseConcurrencyTests {
  @Test func `kept or cancelled, it tells everybody the same, once`() {
    let crew = Crew(3)
    let held = LiveCount()
    for _ in 0..<400 {
      let emitter = Box<FlowEmitter<Int>?>(nil)
      let heard = Journal<Int?>()
      do {
        let promise = Flow<Int>.create(buffer: 1, whenFull: .fail) { emitter.value = $0 }
          .map { [token = held.token()] number in withExtendedLifetime(token) { number } }
          .promise()
        let listen: @Sendable () -> Void = { [token = held.token()] in
          promise.onComplete { result in withExtendedLifetime(token) { heard.note(try? result.get()) } }
        }
        listen()
        crew.run { thread in
          switch thread {
          case 0:
            emitter.value?.yield(7)
            emitter.value?.finish()
          case 1: promise.cancel()
          default: for _ in 0..<3 { listen() }
          }
        }
        let result = promise.current.map { try? $0.get() }
        #expect(result != nil)
        #expect(heard.entries == Array(repeating: result ?? nil, count: 4))
      }
      #expect(held.live == 0)
    }
  }

  @Test func `what is made of it is told once, and lets it go`() {
    let crew = Crew(2)
    let held = LiveCount()
    for _ in 0..<400 {
      let emitter = Box<FlowEmitter<Int>?>(nil)
      let calls = Counter()
      do {
        let promise = Box<Promise<Int>?>(
          Flow<Int>.create(buffer: 1, whenFull: .fail) { emitter.value = $0 }.promise())
        let mapped = promise.value!.map { [token = held.token()] number in
          withExtendedLifetime(token) { calls.add() }
          return "\(number)"
        }
        crew.run { thread in
          if thread == 0 {
            emitter.value?.yield(7)
            emitter.value?.finish()
          } else {
            // The new promise holds the old one as long as it needs it.
            promise.value = nil
          }
        }
        #expect((try? mapped.current?.get()) == "7")
        #expect(calls.count == 1)
      }
      #expect(held.live == 0)
    }
  }

  @Test func `a task that stops waiting leaves the others to wait`() async throws {
    for _ in 0..<200 {
      let emitter = Box<FlowEmitter<Int>?>(nil)
      let promise = Flow<Int>.create(buffer: 1, whenFull: .fail) { emitter.value = $0 }.promise()
      let waiting = (0..<3).map { _ in Task { try await promise.value } }
      waiting[0].cancel()
      emitter.value?.yield(7)
      emitter.value?.finish()
      for task in waiting.dropFirst() { #expect(try await task.value == 7) }
      switch await waiting[0].result {
      case .success(let value): #expect(value == 7)
      case .failure(let error): #expect(error is CancellationError)
      }
    }
  }
}
