// The thread that does the input and output of all transfers.
import CCurl
import CCurlShim
import Flows

/// Drives a multi handle. Everything of libcurl is touched by its thread only; others hand in commands.
///
/// Callbacks of libcurl only take notes: readers are woken, and their code runs, when libcurl has returned. So that
/// code may do what it likes: begin exchanges, cancel them, this one too.
// The inbox and what stands beside it are guarded by the lock. Of the poller, other threads only call the wake, a write
// to an eventfd or a pipe. The rest is touched by `run` and what it calls, callbacks of libcurl included: one thread.
final class CurlLoop: @unchecked Sendable {
  private enum Command {
    /// The reader wants more: begin, or go on.
    case more(CurlExchange)
    case cancel(CurlExchange)
    case close(@Sendable () -> Void)
  }

  let options: CurlTransport.Options
  private let lock = Lock()
  // All guarded by `lock`.
  private var inbox: [Command] = []
  private var threadID: UInt = 0
  private var isStarted = false
  private var isOver = false

  /// Thread-safe by itself.
  private let poller: OpaquePointer

  // Of the thread.
  private var multi: UnsafeMutableRawPointer?
  private var active: [ObjectIdentifier: CurlExchange] = [:]
  /// Those whose readers must be woken.
  private var touched: [CurlExchange] = []
  /// When libcurl wants to be called though nothing happens; `nil` for never.
  private var timer: Int64?
  private var isClosing = false

  init(_ options: CurlTransport.Options) {
    self.options = options
    guard let poller = flows_poller_create() else {
      preconditionFailure("the system refused a descriptor to wait with")
    }
    self.poller = poller
  }

  deinit { flows_poller_destroy(poller) }

  // MARK: From any thread

  /// Begins `exchange`, or lets it go on. False when the transport was shut down.
  func more(_ exchange: CurlExchange) -> Bool { post(.more(exchange)) }

  func cancel(_ exchange: CurlExchange) { _ = post(.cancel(exchange)) }

  /// Ends all, then calls `done`.
  func close(_ done: @escaping @Sendable () -> Void = {}) {
    if !post(.close(done), starts: false) { done() }
  }

  private func post(_ command: Command, starts: Bool = true) -> Bool {
    let (isTaken, mustStart, mustWake) = lock(self) {
      if isOver { return (false, false, false) }
      if !isStarted, !starts {
        isOver = true
        return (false, false, false)
      }
      inbox.append(command)
      defer { isStarted = true }
      // The thread looks into the inbox before it waits.
      return (true, !isStarted, inbox.count == 1 && threadID != Platform.threadID)
    }
    if mustStart {
      Platform.startThread("flows.http") { self.run() }
    } else if mustWake {
      flows_poller_wake(poller)
    }
    return isTaken
  }

  // MARK: The thread

  private func run() {
    lock(self) { threadID = Platform.threadID }
    flows_block_sigpipe()
    openMulti()
    var ready = [flows_ready](repeating: flows_ready(), count: 64)
    var closers: [@Sendable () -> Void] = []
    while true {
      for command in takeInbox() {
        switch command {
        case .more(let exchange): serve(exchange)
        case .cancel(let exchange): remove(exchange)
        case .close(let done):
          closers.append(done)
          closeAll()
        }
      }
      settle()
      if isClosing { break }
      let count = flows_poller_wait(poller, &ready, CInt(ready.count), timeout)
      for event in ready[..<Int(count)] { act(event.socket, event.events) }
      if let timer, Self.now >= timer {
        self.timer = nil
        act(CURL_SOCKET_TIMEOUT, 0)
      }
      settle()
    }
    closeMulti()
    let late = lock(self) {
      isOver = true
      return inbox
    }
    for command in late {
      switch command {
      case .more(let exchange): exchange.finish(.failed(Self.closed))
      case .cancel: break
      case .close(let done): closers.append(done)
      }
    }
    for done in closers { done() }
  }

  private func takeInbox() -> [Command] {
    lock(self) {
      defer { inbox = [] }
      return inbox
    }
  }

  private static var now: Int64 { SystemScheduler.shared.now.nanoseconds }
  static let closed = HTTPError.transport("it was shut down")

  /// How long to wait, in milliseconds, rounded up; not at all when there are commands.
  private var timeout: CInt {
    if !lock(self, { inbox.isEmpty }) { return 0 }
    guard let timer else { return -1 }
    return CInt(clamping: max(0, timer - Self.now + 999_999) / 1_000_000)
  }

  private func act(_ socket: curl_socket_t, _ events: CInt) {
    var running: CInt = 0
    curl_multi_socket_action(multi, socket, events, &running)
  }

  /// After libcurl has returned: what is done ends, what has something new wakes its reader.
  private func settle() {
    var easy: UnsafeMutableRawPointer?
    var code = CURLE_OK
    while let multi, flows_curl_multi_next_done(multi, &easy, &code) != 0 {
      guard let easy, let pointer = flows_curl_private(easy) else { continue }
      let exchange = Unmanaged<CurlExchange>.fromOpaque(pointer).takeUnretainedValue()
      end(exchange, code)
    }
    while !touched.isEmpty {
      let readers = touched
      touched = []
      for exchange in readers { exchange.wakeReader() }
    }
  }

  private func end(_ exchange: CurlExchange, _ code: CURLcode) {
    let ending = exchange.ending(code)
    remove(exchange)
    exchange.finish(ending)
  }

  /// Notes that the reader of `exchange` must be woken.
  func touch(_ exchange: CurlExchange) { touched.append(exchange) }

  private func serve(_ exchange: CurlExchange) {
    if exchange.easy != nil {
      // A callback that gives up in here is not reported as done.
      let code = exchange.resume()
      if code != CURLE_OK { end(exchange, code) }
    } else if isClosing {
      exchange.finish(.failed(Self.closed))
    } else if !exchange.isOver {
      start(exchange)
    }
  }

  private func start(_ exchange: CurlExchange) {
    do {
      let easy = try exchange.open()
      active[ObjectIdentifier(exchange)] = exchange
      guard curl_multi_add_handle(multi, easy) == CURLM_OK else {
        throw HTTPError.transport("libcurl takes no more transfers")
      }
    } catch {
      remove(exchange)
      exchange.finish(.failed(error))
    }
  }

  /// Takes the transfer out. One that is not whole has its connection closed.
  private func remove(_ exchange: CurlExchange) {
    active[ObjectIdentifier(exchange)] = nil
    guard let easy = exchange.easy else { return }
    curl_multi_remove_handle(multi, easy)
    exchange.close()
  }

  private func closeAll() {
    isClosing = true
    for exchange in Array(active.values) {
      remove(exchange)
      exchange.finish(.failed(Self.closed))
    }
  }

  private func openMulti() {
    CurlLibrary.initialize
    guard let multi = curl_multi_init() else { preconditionFailure("libcurl cannot be started") }
    self.multi = multi
    let me = Unmanaged.passUnretained(self).toOpaque()
    flows_curl_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, me)
    flows_curl_multi_set_socket_callback(multi) { _, socket, what, data, _ in
      guard let data else { return 0 }
      flows_poller_watch(Unmanaged<CurlLoop>.fromOpaque(data).takeUnretainedValue().poller, socket, what)
      return 0
    }
    flows_curl_multi_set_pointer(multi, CURLMOPT_TIMERDATA, me)
    flows_curl_multi_set_timer_callback(multi) { _, milliseconds, data in
      guard let data else { return 0 }
      let loop = Unmanaged<CurlLoop>.fromOpaque(data).takeUnretainedValue()
      loop.timer = milliseconds < 0 ? nil : CurlLoop.now + Int64(milliseconds) * 1_000_000
      return 0
    }
    flows_curl_multi_set_number(multi, CURLMOPT_MAXCONNECTS, options.idleConnections)
  }

  private func closeMulti() {
    curl_multi_cleanup(multi)
    multi = nil
  }
}

enum CurlLibrary {
  /// Starts the library, once in a process.
  static let initialize: Void = { curl_global_init(Int(CURL_GLOBAL_ALL)) }()
}
