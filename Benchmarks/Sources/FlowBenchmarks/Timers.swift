// Schedule a million timers, all alive at once, and cancel them.
import Flows

/// A binary heap with lazy deletion: a cancelled timer stays until it comes to the top.
private struct LazyHeap {
  private var heap: [(deadline: Int64, id: Int)] = []
  private var actions: [(@Sendable () -> Void)?] = []

  mutating func schedule(_ deadline: Int64, _ action: @escaping @Sendable () -> Void) -> Int {
    let id = actions.count
    actions.append(action)
    heap.append((deadline, id))
    var child = heap.count - 1
    while child > 0, heap[child].deadline < heap[(child - 1) / 2].deadline {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
    return id
  }

  mutating func cancel(_ id: Int) { actions[id] = nil }
}

@inline(never)
private func lazyHeap(_ count: Int) -> Int {
  var heap = LazyHeap()
  var ids: [Int] = []
  ids.reserveCapacity(count)
  var random = Generator()
  for _ in 0..<count { ids.append(heap.schedule(.seconds(30) + random.next(), {})) }
  for id in ids { heap.cancel(id) }
  return ids.count
}

@inline(never)
private func scheduler(_ count: Int, _ scheduler: SystemScheduler) -> Int {
  var timers: [FlowTimer] = []
  timers.reserveCapacity(count)
  var random = Generator()
  let now = scheduler.now.nanoseconds
  for _ in 0..<count {
    timers.append(scheduler.schedule(at: FlowInstant(nanoseconds: now + .seconds(30) + random.next()), {}))
  }
  var cancelled = 0
  for timer in timers where scheduler.cancel(timer) { cancelled += 1 }
  return cancelled
}

/// Deadlines within ten seconds of each other, in no order.
private struct Generator {
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15
  mutating func next() -> Int64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int64(state >> 33) * 10_000_000_000 >> 31
  }
}

extension Int64 {
  fileprivate static func seconds(_ count: Int64) -> Int64 { count * 1_000_000_000 }
}

func timers(_ table: Table) async throws {
  let count = 1_000_000
  let system = SystemScheduler(name: "timers")
  defer { system.stop() }
  await table.compare(
    "timers", per: "timer", count: count, samples: 7, target: 3, baseline: "binary heap with lazy deletion",
    { lazyHeap(opaque(count)) }, { scheduler(opaque(count), system) })
}
