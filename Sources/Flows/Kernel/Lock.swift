// The one lock type. Decide under it, act after it: nothing foreign is called while it is held.
import CSanitizer
import Synchronization

/// A mutual exclusion lock, 4 bytes, without a value of its own: it guards its neighbours in a class.
///
/// The runtime's mutex is invisible to ThreadSanitizer when it is contended, so the hand-over is told to it.
@usableFromInline
package struct Lock: ~Copyable, Sendable {
  private let mutex = Mutex<Void>(())

  @usableFromInline package init() {}

  @usableFromInline
  func acquire(for owner: AnyObject) {
    #if FLOWS_INTERLEAVINGS
      explore()
    #else
      mutex._unsafeLock()
    #endif
    flows_sanitizer_acquire(Unmanaged.passUnretained(owner).toOpaque())
  }

  @usableFromInline
  func release(for owner: AnyObject) {
    flows_sanitizer_release(Unmanaged.passUnretained(owner).toOpaque())
    #if FLOWS_INTERLEAVINGS
      leave()
    #else
      mutex._unsafeUnlock()
    #endif
  }

  /// Runs `body` alone among all that lock for `owner`, the object that the lock is a part of.
  @inlinable @inline(__always)
  package func callAsFunction<R>(_ owner: AnyObject, _ body: () -> R) -> R {
    acquire(for: owner)
    defer { release(for: owner) }
    return body()
  }
}

#if FLOWS_INTERLEAVINGS
  extension Lock {
    private func explore() {
      guard let explorer = Seam.explorer else { return mutex._unsafeLock() }
      explorer.step(.lock)
      while !mutex._unsafeTryLock() { explorer.wait() }
      explorer.hold(1)
    }

    private func leave() {
      mutex._unsafeUnlock()
      Seam.explorer?.hold(-1)
    }
  }
#endif
