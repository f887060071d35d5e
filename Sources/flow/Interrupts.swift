// Ctrl-C.
import Flows
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

enum Interrupts {
  /// Runs `work` and cancels it when somebody presses Ctrl-C, or the process is told to end. Whoever presses it again
  /// ends the process at once.
  ///
  /// - Throws: what `work` throws: `CancellationError` when it was cancelled.
  static func cancelling(
    _ work: @escaping @Sendable () async throws -> ExitStatus
  ) async throws -> ExitStatus {
    let task = Task.detached { try await work() }
    watch { task.cancel() }
    return try await task.value
  }

  /// How the process ends after an interruption.
  static var status: ExitStatus { last.load(ordering: .acquiring) == SIGTERM ? .terminated : .interrupted }

  /// Somebody has asked for the end.
  static var hasCome: Bool { last.load(ordering: .acquiring) != 0 }

  /// The number of the last signal; 0 while there was none.
  private static let last = Atomic<Int32>(0)

  /// Calls `action` at the first signal; where no pipe is to be had, signals do what they always do. A handler may do
  /// next to nothing, so it only writes into the pipe, at whose other end a thread waits.
  private static func watch(_ action: @escaping @Sendable () -> Void) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    signalPipe = ends[1]
    let input = ends[0]
    Platform.startThread("flow.signals") {
      var number: UInt8 = 0
      var isFirst = true
      while read(input, &number, 1) == 1 || errno == EINTR {
        if number == 0 { continue }
        if !isFirst { _exit(128 + Int32(number)) }
        isFirst = false
        last.store(Int32(number), ordering: .releasing)
        action()
      }
    }
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        let code = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(signalPipe, &byte, 1)
        errno = code
      }
    }
  }
}

// Written once before the handler that reads it is set.
private nonisolated(unsafe) var signalPipe: Int32 = -1
