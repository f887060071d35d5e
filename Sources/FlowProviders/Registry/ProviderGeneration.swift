// One provider under a name, from the moment it gets it until nothing of it is left.
import Flows

/// A provider that a registry holds, or held: it is shut down once, when it is not wanted any more and the last of its
/// answers has ended.
// All state is guarded by the lock; the provider, and whoever waits, are called outside of it.
final class ProviderGeneration: @unchecked Sendable {
  let name: String
  /// Which one under this registry, counted from 1.
  let number: Int
  let instance: ProviderInstance
  private let scheduler: any FlowScheduler
  private let onClosed: @Sendable (ProviderGeneration) -> Void
  /// Whether it was shut down; its end is the last that is heard of it.
  private let closed = CurrentValueFlow(false)
  private let lock = Lock()
  private var leases: [Int: @Sendable () -> Void] = [:]
  private var lastLease = 0
  private var timers: [FlowTimer] = []
  private var isRetired = false
  private var isStopped = false
  private var isClosing = false

  /// - Parameter onClosed: called when it was shut down.
  init(
    _ name: String, _ number: Int, _ instance: ProviderInstance, _ scheduler: any FlowScheduler,
    onClosed: @escaping @Sendable (ProviderGeneration) -> Void
  ) {
    self.name = name
    self.number = number
    self.instance = instance
    self.scheduler = scheduler
    self.onClosed = onClosed
  }

  /// The answers that are under way.
  var inFlight: Int { lock(self) { leases.count } }

  /// A part in its life for one answer; `nil` when it takes no new ones.
  func lease() -> ProviderLease? {
    lock(self) {
      if isRetired { return nil }
      lastLease += 1
      leases[lastLease] = {}
      return ProviderLease(self, lastLease)
    }
  }

  /// It takes no new answers. Those that are under way end as they like, or are stopped when `drain` has passed.
  func retire(drain: Duration? = nil) {
    let isIdle = lock(self) {
      isRetired = true
      return mayClose()
    }
    if isIdle { return close() }
    guard let drain else { return }
    if drain <= .zero { return stop() }
    let timer = scheduler.schedule(at: scheduler.now.advanced(by: drain)) { [weak self] in self?.stop() }
    let isTooLate = lock(self) {
      if !isClosing { timers.append(timer) }
      return isClosing
    }
    if isTooLate { scheduler.cancel(timer) }
  }

  /// Breaks off what is under way.
  private func stop() {
    let actions = lock(self) {
      isStopped = true
      return leases.values.map(\.self)
    }
    for action in actions { action() }
  }

  /// Waits until it was shut down.
  func waitForEnd() async { _ = try? await closed.flow.filter { $0 }.first() }

  var isClosed: Bool { closed.value }

  // MARK: Leases

  fileprivate func onStop(_ lease: Int, _ action: @escaping @Sendable () -> Void) {
    let isTooLate = lock(self) {
      if leases[lease] != nil { leases[lease] = action }
      return isStopped
    }
    if isTooLate { action() }
  }

  fileprivate var mustStop: Bool { lock(self) { isStopped } }

  fileprivate func end(_ lease: Int) {
    let (action, isIdle) = lock(self) { (leases.removeValue(forKey: lease), mayClose()) }
    // What it held is let go under no lock.
    withExtendedLifetime(action) {}
    if isIdle { close() }
  }

  /// Called with the lock held. True once.
  private func mayClose() -> Bool {
    guard isRetired, leases.isEmpty, !isClosing else { return false }
    isClosing = true
    return true
  }

  private func close() {
    for timer in lock(self, { timers }) { scheduler.cancel(timer) }
    let shutdown = instance.shutdown
    let rites = Flow<Bool>.future {
      await shutdown()
      return true
    }
    .scheduler(scheduler).promise()
    rites.onComplete { [self] _ in
      closed.value = true
      closed.finish()
      onClosed(self)
    }
    rites.detach()
  }
}

/// The right of one answer to its provider.
struct ProviderLease: Sendable {
  let generation: ProviderGeneration
  private let number: Int

  fileprivate init(_ generation: ProviderGeneration, _ number: Int) {
    self.generation = generation
    self.number = number
  }

  var provider: any ChatProvider { generation.instance.provider }

  /// Somebody wants the answer to break off.
  var mustStop: Bool { generation.mustStop }

  /// Calls `action` when the answer has to break off, or at once.
  func onStop(_ action: @escaping @Sendable () -> Void) { generation.onStop(number, action) }

  func end() { generation.end(number) }
}

/// A provider that has left its name to another one, and may still be answering.
public struct ProviderRetirement: Sendable {
  let generation: ProviderGeneration

  /// It was shut down.
  public var isOver: Bool { generation.isClosed }
  /// The answers that are still under way.
  public var inFlight: Int { generation.inFlight }

  /// Waits until the last answer has ended and the provider was shut down; returns early when the task is cancelled.
  public func wait() async { await generation.waitForEnd() }
}
