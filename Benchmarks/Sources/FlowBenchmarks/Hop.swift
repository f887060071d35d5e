// A million numbers from one thread to another, through a bounded buffer of 256.
import Flows
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a careful programmer writes first: the producer appends under a mutex, the consumer swaps the array out.
private final class SwappedArray: Sendable {
  private struct State {
    var items: [Int] = []
    var isFinished = false
  }
  private let state = Mutex(State())
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  func append(_ item: Int) {
    while true {
      let done = state.withLock { state in
        guard state.items.count < capacity else { return false }
        state.items.append(item)
        return true
      }
      if done { return }
      sched_yield()
    }
  }

  func finish() { state.withLock { $0.isFinished = true } }

  /// Everything that waits; `nil` at the end.
  func take() -> [Int]? {
    while true {
      let (items, isFinished) = state.withLock { state in
        var items: [Int] = []
        items.reserveCapacity(capacity)
        swap(&items, &state.items)
        return (items, state.isFinished)
      }
      if !items.isEmpty { return items }
      if isFinished { return nil }
      sched_yield()
    }
  }
}

@inline(never)
private func byHand(_ count: Int, _ producer: SystemScheduler) -> Int {
  let array = SwappedArray(capacity: 256)
  producer.execute {
    for number in 0..<count { array.append(number) }
    array.finish()
  }
  var sum = 0
  while let items = array.take() { for item in items { sum &+= item } }
  return sum
}

@inline(never)
private func hopped(_ count: Int, from producer: SystemScheduler, to consumer: SystemScheduler) async -> Int {
  let sum = Sum()
  return await withUnsafeContinuation { continuation in
    Flow.from(0..<count)
      .subscribe(on: producer)
      .receive(on: consumer, buffer: 256)
      .subscribe {
        sum.value &+= $0
      } onEnd: { _ in
        continuation.resume(returning: sum.value)
      }
      .detach()
  }
}

private final class Sum: @unchecked Sendable {
  // Callbacks come on the consumer's thread alone.
  var value = 0
}

func hop(_ table: Table) async throws {
  let count = 1_000_000
  let producer = SystemScheduler(name: "producer")
  let consumer = SystemScheduler(name: "consumer")
  defer {
    producer.stop()
    consumer.stop()
  }
  await table.compare(
    "hop", count: count, target: 0.4, baseline: "array swapped under a mutex",
    { byHand(opaque(count), producer) },
    { await hopped(opaque(count), from: producer, to: consumer) })
}
