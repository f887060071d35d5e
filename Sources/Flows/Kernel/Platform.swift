// The only file that speaks to the operating system: two clocks, a thread, and a way to wait.
#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif
import Synchronization

package enum Platform {
  /// The monotonic clock, in nanoseconds.
  static func now() -> Int64 { read(CLOCK_MONOTONIC) }

  #if canImport(Darwin)
    static func approximateNow() -> Int64 { now() }
    static let approximationError: Int64 = 0
  #else
    /// The monotonic clock as of the last tick of the kernel: a fifth of the price of ``now()``.
    static func approximateNow() -> Int64 { read(CLOCK_MONOTONIC_COARSE) }

    /// The resolution of that clock is one tick of the kernel, but ticks come late when the machine is busy or
    /// shared, and the kernel steps in after five at the earliest: lags of more than three ticks are common
    /// under load (13 ms were measured where a tick takes 4). Hence this many.
    static let approximationError: Int64 = {
      var tick = timespec()
      clock_getres(CLOCK_MONOTONIC_COARSE, &tick)
      return nanoseconds(tick) * 25
    }()
  #endif

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return nanoseconds(time)
  }

  private static func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  /// Starts a thread of its own for `body`; it ends when `body` does. The name is seen where the system's own
  /// headers let Swift set it.
  package static func startThread(_ name: String, _ body: @escaping @Sendable () -> Void) {
    final class Start: Sendable {
      let body: @Sendable () -> Void
      let name: String
      init(_ name: String, _ body: @escaping @Sendable () -> Void) {
        self.body = body
        self.name = name
      }
      func run() {
        #if canImport(Darwin)
          pthread_setname_np(name)
        #endif
        pthread_setspecific(Platform.mark, Unmanaged.passUnretained(self).toOpaque())
        body()
      }
    }
    let argument = Unmanaged.passRetained(Start(name, body)).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(
        &thread, nil,
        { raw in
          Unmanaged<Start>.fromOpaque(raw).takeRetainedValue().run()
          return nil
        }, argument)
    #else
      var thread = pthread_t()
      let status = pthread_create(
        &thread, nil,
        { raw in
          Unmanaged<Start>.fromOpaque(raw!).takeRetainedValue().run()
          return nil
        }, argument)
    #endif
    precondition(status == 0, "the system refused a thread (error \(status))")
    #if canImport(Darwin)
      pthread_detach(thread!)
    #else
      pthread_detach(thread)
    #endif
  }

  /// Writes a line to standard error.
  static func say(_ line: String) {
    var bytes = Array(line.utf8)
    bytes.append(UInt8(ascii: "\n"))
    _ = bytes.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
  }

  /// Stops in the debugger, or ends the process when there is none.
  static func stop() { raise(SIGTRAP) }

  /// Whether the caller is on a thread that was started here.
  static var isOnOwnThread: Bool { pthread_getspecific(mark) != nil }

  /// Where a thread remembers that it was started here.
  private static let mark: pthread_key_t = {
    var key = pthread_key_t()
    let status = pthread_key_create(&key, nil)
    precondition(status == 0, "the system refused a place per thread (error \(status))")
    return key
  }()

  /// A number that no other living thread has.
  package static var threadID: UInt {
    #if canImport(Darwin)
      UInt(bitPattern: pthread_self())
    #else
      UInt(pthread_self())
    #endif
  }
}

/// Lets one thread wait for another. A signal that comes before the wait is not lost; several are one.
///
/// Two threads that hand work to and fro would spend their time falling asleep and being woken, which takes a
/// hundred times as long as what is handed over. So who waits first stands aside for about as long as a wake
/// takes, and sleeps only then: that costs at most twice the best that could have been done.
package final class ThreadSignal: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private enum State {
    static let empty: UInt8 = 0
    static let signalled: UInt8 = 1
    /// Somebody sleeps, or is about to: left with `mutex` held.
    static let asleep: UInt8 = 2
  }
  private let state = Atomic<UInt8>(State.empty)
  private static let patience = 100

  package init() {
    mutex.initialize(to: pthread_mutex_t())
    condition.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    #if canImport(Darwin)
      pthread_cond_init(condition, nil)
    #else
      var attributes = pthread_condattr_t()
      pthread_condattr_init(&attributes)
      pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
      pthread_cond_init(condition, &attributes)
      pthread_condattr_destroy(&attributes)
    #endif
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  package func signal() {
    if state.exchange(State.signalled, ordering: .acquiringAndReleasing) != State.asleep { return }
    // Who falls asleep holds the lock until it does.
    pthread_mutex_lock(mutex)
    pthread_mutex_unlock(mutex)
    pthread_cond_signal(condition)
  }

  /// Waits for a signal, or until the monotonic clock passes `deadline`. False when the time ran out.
  @discardableResult
  package func wait(until deadline: Int64? = nil) -> Bool {
    if deadline.map({ $0 - Platform.now() > 1_000_000 }) ?? true {
      // Others that are ready on this core go first: the one that is waited for may be among them.
      for _ in 0..<Self.patience {
        if take() { return true }
        sched_yield()
      }
    }
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    _ = state.compareExchange(expected: State.empty, desired: State.asleep, ordering: .relaxed)
    while !take() {
      guard let deadline else {
        pthread_cond_wait(condition, mutex)
        continue
      }
      let left = deadline - Platform.now()
      if left <= 0 { return state.exchange(State.empty, ordering: .acquiringAndReleasing) == State.signalled }
      #if canImport(Darwin)
        var time = timespec(tv_sec: Int(left / 1_000_000_000), tv_nsec: Int(left % 1_000_000_000))
        pthread_cond_timedwait_relative_np(condition, mutex, &time)
      #else
        var time = timespec(
          tv_sec: time_t(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
        pthread_cond_timedwait(condition, mutex, &time)
      #endif
    }
    return true
  }

  private func take() -> Bool {
    state.load(ordering: .relaxed) == State.signalled
      && state.exchange(State.empty, ordering: .acquiringAndReleasing) == State.signalled
  }
}
