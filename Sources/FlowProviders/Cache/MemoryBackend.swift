// A backend within one process.
import Flows

/// Keeps answers in memory, for several caches of one process. Bounded; what was used longest ago goes first.
// What changes is guarded by the lock.
public final class MemoryBackend: CacheBackend, @unchecked Sendable {
  private let scheduler: any FlowScheduler
  private let lock = Lock()
  // All guarded by `lock`.
  private var shelf: CacheShelf<[UInt8]>
  private var leases: [CacheKey: (token: String, expiry: FlowInstant)] = [:]

  /// - Parameters:
  ///   - maxBytes: how much it keeps at most.
  ///   - scheduler: whose time it is.
  public init(maxBytes: Int = 64 << 20, scheduler: any FlowScheduler = SystemScheduler.shared) {
    shelf = CacheShelf(maxEntries: .max, maxBytes: maxBytes)
    self.scheduler = scheduler
  }

  public func get(_ key: CacheKey) async throws -> CachedBytes? {
    let now = scheduler.now
    return lock(self) {
      guard case .value(let bytes, let age, let left) = shelf.find(key, at: now) else { return nil }
      return CachedBytes(bytes, age: age, timeToLive: left)
    }
  }

  public func put(_ bytes: [UInt8], for key: CacheKey, timeToLive: Duration?) async throws {
    let now = scheduler.now
    lock(self) { _ = shelf.keep(bytes, weight: bytes.count, for: key, at: now, left: timeToLive) }
  }

  public func remove(_ key: CacheKey) async throws { lock(self) { _ = shelf.remove(key) } }

  public func acquireLease(for key: CacheKey, lasting duration: Duration) async throws -> CacheLease? {
    let now = scheduler.now
    return lock(self) {
      if let present = leases[key], present.expiry > now { return nil }
      let lease = CacheLease(key)
      leases[key] = (lease.token, now.advanced(by: duration))
      return lease
    }
  }

  public func renew(_ lease: CacheLease, lasting duration: Duration) async throws -> Bool {
    let now = scheduler.now
    return lock(self) {
      guard let present = leases[lease.key], present.token == lease.token, present.expiry > now else {
        return false
      }
      leases[lease.key]?.expiry = now.advanced(by: duration)
      return true
    }
  }

  public func release(_ lease: CacheLease) async throws {
    lock(self) { if leases[lease.key]?.token == lease.token { leases[lease.key] = nil } }
  }
}
