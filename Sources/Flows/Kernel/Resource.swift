// What a scope owns and must let go of: a timer, a task, a mailbox, a child.
import Synchronization

/// A link in the list of what a scope owns. It is released exactly once, from any thread: by the scope when
/// that ends, or by itself when it is done earlier (`Scope.disown`).
public class Resource: @unchecked Sendable {
  // All three are guarded by the owner's lock.
  fileprivate final var next: Resource?
  fileprivate final unowned(unsafe) var previous: Resource?
  fileprivate final var isOwned = false

  @usableFromInline init() {}

  /// Lets go. Called exactly once for an owned resource, under no lock.
  func release() {}
}

/// The span of a run, or of one child in it: what must be woken when there is something new, and the owner of
/// everything that was started on its behalf.
///
/// Ending a scope releases what it owns, last in first out, exactly once, and refuses newcomers by releasing
/// them at once: there is no moment at which a cancellation can slip between two starts.
public class Scope: Resource, @unchecked Sendable {
  // In this order the small ones fit behind what a resource is made of: there may be many scopes.
  @usableFromInline final let ended = Atomic<Bool>(false)
  /// It was woken, and whoever polls it has not looked since. For those that keep this account.
  final let isWoken = Atomic<Bool>(false)
  final let lock = Lock()
  private final var newest: Resource?  // guarded by `lock`

  @usableFromInline override init() { super.init() }

  // What has ended owns nothing.
  deinit { if !isEnded { end() } }

  /// Says that a poll may find something new. Any thread, any number of times; wakes coalesce.
  public func wake() {}

  /// `hook` is to hear what the consumer was handed and left. The first, which is the nearest to it, does. Called
  /// while a stage is made.
  func hear(_ hook: @escaping DiscardHook) {}

  /// Asks that the run that the scope is a part of be driven on `scheduler` alone. Called while a stage is made.
  func settle(on scheduler: any FlowScheduler, _ claim: Claim) -> Settlement { .refused }

  /// Whether the scope was cancelled, or ran to its end.
  @inlinable
  public final var isEnded: Bool { ended.load(ordering: .acquiring) }

  /// Takes `resource` over. When the scope has ended already, the resource is released at once.
  @usableFromInline
  final func own(_ resource: Resource) {
    let isTooLate = lock(self) {
      if isEnded { return true }
      resource.isOwned = true
      resource.next = newest
      newest?.previous = resource
      newest = resource
      return false
    }
    if isTooLate { resource.release() }
  }

  /// Gives `resource` up without releasing it. False when it was released, or given up, before.
  @discardableResult
  final func disown(_ resource: Resource) -> Bool {
    lock(self) {
      guard resource.isOwned else { return false }
      unlink(resource)
      return true
    }
  }

  /// Releases `resource` before the scope ends. Does nothing when that was done before.
  final func release(_ resource: Resource) {
    if disown(resource) { resource.release() }
  }

  /// Releases everything that the scope owns, last in first out. The second call does nothing.
  @usableFromInline
  final func end() {
    while let resource = takeNewest() { resource.release() }
  }

  override func release() { end() }

  /// What it owns at this moment, oldest first.
  final var resources: [Resource] {
    lock(self) {
      var all: [Resource] = []
      var next = newest
      while let resource = next {
        all.append(resource)
        next = resource.next
      }
      return all.reversed()
    }
  }

  private final func takeNewest() -> Resource? {
    lock(self) {
      ended.store(true, ordering: .releasing)
      guard let resource = newest else { return nil }
      unlink(resource)
      return resource
    }
  }

  private final func unlink(_ resource: Resource) {
    if newest === resource {
      newest = resource.next
    } else {
      resource.previous?.next = resource.next
    }
    resource.next?.previous = resource.previous
    resource.next = nil
    resource.previous = nil
    resource.isOwned = false
  }
}

/// An action to be run when the scope ends.
final class ReleaseAction: Resource, @unchecked Sendable {
  private let action: @Sendable () -> Void
  init(_ action: @escaping @Sendable () -> Void) { self.action = action }
  override func release() { action() }
}
