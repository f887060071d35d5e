// What every backend promises.
import FlowTesting
import Flows
import Testing

@testable import FlowProviders

/// A backend, and a way to let its time pass.
struct BackendScene: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let make: @Sendable () throws -> (backend: any CacheBackend, pass: @Sendable (Duration) -> Void)

  static let all = [
    BackendScene(testDescription: "memory") {
      let time = VirtualTime()
      return (MemoryBackend(scheduler: time), { time.advance(by: $0) })
    },
    BackendScene(testDescription: "file") {
      let (folder, clock) = (try TemporaryFolder(), Latest<Double>())
      clock.value = 1_000_000
      let backend = FileBackend(folder: folder.path("answers")) {
        withExtendedLifetime(folder) { clock.value ?? 0 }
      }
      return (backend, { duration in clock.change { $0 += Double(duration.components.seconds) } })
    },
  ]
}

@Suite struct BackendTests {
  private let key = CacheKey(digest: "a1")
  private let other = CacheKey(digest: "b2")

  @Test(arguments: BackendScene.all) func `what is put is there, and says how old it is`(scene: BackendScene)
    async throws
  {
    let (backend, pass) = try scene.make()
    #expect(try await backend.get(key) == nil)
    try await backend.put([1, 2, 10, 3], for: key, timeToLive: .seconds(60))
    pass(.seconds(20))
    #expect(
      try await backend.get(key)
        == CachedBytes([1, 2, 10, 3], age: .seconds(20), timeToLive: .seconds(40)))
    #expect(try await backend.get(other) == nil)
  }

  @Test(arguments: BackendScene.all) func `what is too old is gone`(scene: BackendScene) async throws {
    let (backend, pass) = try scene.make()
    try await backend.put([1], for: key, timeToLive: .seconds(60))
    try await backend.put([2], for: other, timeToLive: nil)
    pass(.seconds(59))
    #expect(try await backend.get(key) != nil)
    pass(.seconds(1))
    #expect(try await backend.get(key) == nil)
    pass(.seconds(1_000_000))
    #expect(try await backend.get(other)?.bytes == [2])
    #expect(try await backend.get(other)?.timeToLive == nil)
  }

  @Test(arguments: BackendScene.all) func `the newest counts, and what is removed is gone`(
    scene: BackendScene
  ) async throws {
    let (backend, _) = try scene.make()
    try await backend.put([1], for: key, timeToLive: nil)
    try await backend.put([2], for: key, timeToLive: nil)
    #expect(try await backend.get(key)?.bytes == [2])
    try await backend.remove(key)
    try await backend.remove(key)
    #expect(try await backend.get(key) == nil)
  }

  @Test(arguments: BackendScene.all) func `a lease has one holder`(scene: BackendScene) async throws {
    let (backend, pass) = try scene.make()
    let lease = try #require(try await backend.acquireLease(for: key, lasting: .seconds(10)))
    #expect(try await backend.acquireLease(for: key, lasting: .seconds(10)) == nil)
    #expect(try await backend.acquireLease(for: other, lasting: .seconds(10)) != nil)
    pass(.seconds(9))
    #expect(try await backend.renew(lease, lasting: .seconds(10)))
    pass(.seconds(9))
    #expect(try await backend.acquireLease(for: key, lasting: .seconds(10)) == nil)
    try await backend.release(lease)
    #expect(try await backend.acquireLease(for: key, lasting: .seconds(10)) != nil)
  }

  @Test(arguments: BackendScene.all) func `a lease that is over is somebody else's`(scene: BackendScene)
    async throws
  {
    let (backend, pass) = try scene.make()
    let old = try #require(try await backend.acquireLease(for: key, lasting: .seconds(10)))
    pass(.seconds(10))
    let new = try #require(try await backend.acquireLease(for: key, lasting: .seconds(10)))
    #expect(new.token != old.token)
    #expect(try await backend.renew(old, lasting: .seconds(10)) == false)
    try await backend.release(old)
    #expect(try await backend.acquireLease(for: key, lasting: .seconds(10)) == nil)
    #expect(try await backend.renew(new, lasting: .seconds(10)))
  }

  @Test(arguments: BackendScene.all) func `of many who want a lease one gets it`(scene: BackendScene)
    async throws
  {
    let (backend, _) = try scene.make()
    let leases = try await withThrowingTaskGroup(of: CacheLease?.self) { [key] group in
      for _ in 0..<32 {
        group.addTask { try await backend.acquireLease(for: key, lasting: .seconds(10)) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(leases.compactMap(\.self).count == 1)
  }
}
