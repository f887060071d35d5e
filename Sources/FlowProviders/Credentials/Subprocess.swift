// A program that is run for what it says.
import Flows

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One program: its standard output, bounded in length and time. It runs in a group of its own, so that what it has
/// started can be ended with it, and sees none of this program's files.
struct Subprocess: Sendable {
  enum End: Sendable {
    case said([UInt8])
    case failed(String)
    case cancelled
  }

  private let words: [String]
  private let variables: [String]
  private let timeout: Duration
  private let longest: Int
  /// How long a cancellation may go unseen.
  private static let patience = Duration.milliseconds(50)

  init(_ words: [String], _ variables: [String], timeout: Duration, longest: Int) {
    self.words = words
    self.variables = variables
    self.timeout = timeout
    self.longest = longest
  }

  /// Runs it to its end, on a thread of its own. Cancelling the task ends the program.
  func run() async -> End {
    let subprocess = self
    let answer = Flow<End>.create(buffer: 1, whenFull: .dropNewest) { emitter in
      let isLeft = Flag()
      emitter.onCancel { isLeft.raise() }
      Platform.startThread("flows.command") {
        emitter.yield(subprocess.wait { isLeft.isRaised })
        emitter.finish()
      }
    }
    return (try? await answer.first()) ?? .cancelled
  }

  private func wait(isCancelled: () -> Bool) -> End {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return .failed("no pipe is to be had") }
    let (input, output) = (ends[0], ends[1])
    defer { close(input) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var process = pid_t()
    let code = spawn(&process, writingTo: output)
    close(output)
    guard code == 0 else { return .failed("\(words[0]) cannot be run: \(String(cString: strerror(code)))") }

    let start = ContinuousClock.now
    var said: [UInt8] = []
    while true {
      let left = timeout - (ContinuousClock.now - start)
      if isCancelled() {
        kill(process)
        return .cancelled
      }
      guard left > .zero else {
        kill(process)
        return .failed("\(words[0]) has not answered within \(timeout.spelled)")
      }
      switch read(from: input, within: min(left, Self.patience), &said) {
      case .more: break
      case .end: return end(process, said, until: start + timeout, isCancelled)
      }
      if said.count > longest {
        kill(process)
        return .failed("\(words[0]) has said more than \(longest) bytes")
      }
    }
  }

  private enum Read { case more, end }

  private func read(from file: Int32, within patience: Duration, _ said: inout [UInt8]) -> Read {
    var wanted = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
    guard poll(&wanted, 1, Int32(patience / .milliseconds(1)) + 1) > 0 else { return .more }
    var count = 0
    said += [UInt8](unsafeUninitializedCapacity: 1 << 14) { buffer, initialized in
      count = systemRead(file, buffer.baseAddress!, buffer.count)
      initialized = max(0, count)
    }
    return count > 0 || count < 0 && errno == EINTR ? .more : .end
  }

  /// It says nothing more. It may go on, but not for ever.
  private func end(
    _ process: pid_t, _ said: [UInt8], until deadline: ContinuousClock.Instant, _ isCancelled: () -> Bool
  ) -> End {
    var status: Int32 = 0
    while true {
      let ended = waitpid(process, &status, WNOHANG)
      if ended == process { break }
      if ended < 0, errno != EINTR { return .failed("\(words[0]) is gone") }
      if isCancelled() || ContinuousClock.now >= deadline {
        kill(process)
        return isCancelled() ? .cancelled : .failed("\(words[0]) has not ended within \(timeout.spelled)")
      }
      _ = poll(nil, 0, 5)
    }
    if status & 0x7F != 0 { return .failed("\(words[0]) was ended by signal \(status & 0x7F)") }
    let code = status >> 8 & 0xFF
    return code == 0 ? .said(said) : .failed("\(words[0]) has failed with exit status \(code)")
  }

  /// Ends it, and all that it has started.
  private func kill(_ process: pid_t) {
    _ = systemKill(-process, SIGKILL)
    _ = systemKill(process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
  }

  private func spawn(_ process: inout pid_t, writingTo output: Int32) -> Int32 {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    #if canImport(Darwin)
      flags |= POSIX_SPAWN_CLOEXEC_DEFAULT
    #elseif canImport(Glibc)
      _ = closeFrom?(&actions, 3)
    #endif
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(truncatingIfNeeded: Int(flags)))
    return withCStrings(words) { arguments in
      withCStrings(variables) { variables in
        posix_spawnp(&process, words[0], &actions, &attributes, arguments, variables)
      }
    }
  }
}

#if canImport(Glibc)
  /// Closes all files from one on. The headers do not show it to Swift, and older systems do not have it; there only
  /// what was not opened to be inherited stays closed.
  private let closeFrom: CloseFrom? =
    dlsym(nil, "posix_spawn_file_actions_addclosefrom_np").map { unsafeBitCast($0, to: CloseFrom.self) }

  private typealias CloseFrom =
    @convention(c) (
      UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32
    ) -> Int32
#endif

/// Set once, by any thread.
// Guarded by the lock.
private final class Flag: @unchecked Sendable {
  private let lock = Lock()
  private var value = false

  var isRaised: Bool { lock(self) { value } }
  func raise() { lock(self) { value = true } }
}

/// The texts as C wants a list of them: ended by nothing.
private func withCStrings<R>(
  _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R
) -> R {
  var pointers = texts.map { strdup($0) } + [nil]
  defer { for pointer in pointers { free(pointer) } }
  return pointers.withUnsafeMutableBufferPointer { body(UnsafePointer($0.baseAddress!)) }
}

// The names are taken inside of `Subprocess`.
private func systemRead(_ file: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(file, buffer, count)
}

private func systemKill(_ process: pid_t, _ signal: Int32) -> Int32 { kill(process, signal) }
