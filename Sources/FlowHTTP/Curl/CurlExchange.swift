// One transfer of libcurl: what its callbacks write down, and where its reader finds it.
import CCurl
import CCurlShim
import Flows

// `state` and `reached`, which any thread may ask, are guarded by the lock; `mailbox`, which guards itself, is set by the
// initialiser and never again. Everything else belongs to the I/O thread: it is touched by callbacks of libcurl and by
// commands that went through the inbox of the loop, and both run there.
final class CurlExchange: @unchecked Sendable {
  private enum State { case idle, live, over }

  let request: HTTPRequest
  private(set) var mailbox: Mailbox<HTTPPart>
  private let loop: CurlLoop
  private let owner: CurlTransport
  private let lock = Lock()
  // Both guarded by `lock`.
  private var state = State.idle
  private var reached = HTTPProgress()

  // Of the I/O thread.
  private(set) var easy: UnsafeMutableRawPointer?
  private var setup: CurlSetup?
  private var isPaused = false
  private var isTouched = false
  private var head: HTTPHead?
  private var isHeadSent = false
  private var headBytes = 0
  private var bodyBytes = 0
  /// What libcurl has handed over since it was called: one part, however many pieces it makes of a read.
  private var part: [UInt8] = []
  /// Why a callback gave up.
  private var failure: HTTPError?

  init(_ request: HTTPRequest, _ loop: CurlLoop, owner: CurlTransport) {
    self.request = request
    self.loop = loop
    self.owner = owner
    // A part for each that is asked for; libcurl is told when there is more than it knew.
    let hook = CurlHook()
    mailbox = Mailbox(capacity: .max, asking: Asking(isAhead: false)) { hook.exchange?.more() }
    hook.exchange = self
  }

  // MARK: From any thread

  var progress: HTTPProgress { lock(self) { reached } }

  private func more() {
    let isLive = lock(self) {
      if state == .idle { state = .live }
      return state == .live
    }
    if isLive, !loop.more(self) { finish(.failed(CurlLoop.closed)) }
  }

  func cancel() {
    let wasLive = lock(self) {
      defer { state = .over }
      return state == .live
    }
    if wasLive { loop.cancel(self) }
  }

  /// Ends the flow, after what was read.
  func finish(_ ending: Poll) {
    lock(self) { state = .over }
    mailbox.finish(ending)
  }

  // MARK: On the I/O thread

  var isOver: Bool { lock(self) { state == .over } }

  /// Makes the handle of the transfer.
  func open() throws(HTTPError) -> UnsafeMutableRawPointer {
    let setup = try CurlSetup(request, loop.options)
    self.setup = setup
    let easy = setup.easy
    self.easy = easy
    let me = Unmanaged.passUnretained(self).toOpaque()
    flows_curl_set_pointer(easy, CURLOPT_PRIVATE, me)
    flows_curl_set_pointer(easy, CURLOPT_WRITEDATA, me)
    flows_curl_set_data_callback(easy, CURLOPT_WRITEFUNCTION) { bytes, _, count, me in
      guard let bytes, let me else { return 0 }
      let memory = UnsafeRawBufferPointer(start: bytes, count: count)
      return Unmanaged<CurlExchange>.fromOpaque(me).takeUnretainedValue().receive(body: memory)
    }
    flows_curl_set_pointer(easy, CURLOPT_HEADERDATA, me)
    flows_curl_set_data_callback(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, me in
      guard let bytes, let me else { return 0 }
      let memory = UnsafeRawBufferPointer(start: bytes, count: size * count)
      return Unmanaged<CurlExchange>.fromOpaque(me).takeUnretainedValue().receive(header: memory)
    }
    flows_curl_set_pointer(easy, CURLOPT_PREREQDATA, me)
    flows_curl_set_ready_callback(easy) { me, _, _, _, _ in
      if let me { Unmanaged<CurlExchange>.fromOpaque(me).takeUnretainedValue().connected() }
      return CURL_PREREQFUNC_OK
    }
    return easy
  }

  /// Gives the handle back.
  func close() {
    easy = nil
    setup = nil
  }

  /// Lets a paused transfer go on. What libcurl held back comes before this returns.
  func resume() -> CURLcode {
    guard isPaused, let easy else { return CURLE_OK }
    isPaused = false
    return curl_easy_pause(easy, CURLPAUSE_CONT)
  }

  func wakeReader() {
    isTouched = false
    postPart()
    mailbox.wakeReader()
  }

  private func postPart() {
    if part.isEmpty { return }
    // When nobody listens any more, a cancellation is on its way.
    mailbox.post(.body(Bytes(part)))
    part = []
  }

  /// How the flow ends, when libcurl says that the transfer is done.
  func ending(_ code: CURLcode) -> Poll {
    postPart()
    if let failure { return .failed(failure) }
    if code != CURLE_OK { return .failed(HTTPError(code, setup?.errorText ?? "")) }
    if !isHeadSent { return .failed(HTTPError.protocolViolation("a response without a head")) }
    return .finished
  }

  private func touch() {
    if isTouched { return }
    isTouched = true
    loop.touch(self)
  }

  private func connected() {
    lock(self) { reached.connected() }
    touch()
  }

  private func receive(body: UnsafeRawBufferPointer) -> Int {
    lock(self) { reached.received() }
    if part.count >= CurlSetup.longestPart { postPart() }
    if part.isEmpty, mailbox.space() == 0 {
      isPaused = true
      return Int(CURL_WRITEFUNC_PAUSE)
    }
    touch()
    if let limit = request.limits.body, bodyBytes + body.count > limit {
      return giveUp(.tooLarge(limit: limit))
    }
    bodyBytes += body.count
    part += body
    return body.count
  }

  private func receive(header line: UnsafeRawBufferPointer) -> Int {
    lock(self) { reached.received() }
    touch()
    headBytes += line.count
    if headBytes > CurlSetup.longestHead { return giveUp(.tooLarge(limit: CurlSetup.longestHead)) }
    // What comes after the body are trailers.
    if isHeadSent { return line.count }
    let text = String(decoding: line, as: UTF8.self).trimmed
    if text.hasPrefix("HTTP/") {
      head = HTTPHead(status: easy.map { Int(flows_curl_status($0)) } ?? 0)
    } else if !text.isEmpty {
      let colon = text.firstIndex(of: ":") ?? text.endIndex
      head?.headers.add(String(text[..<colon]), text[colon...].dropFirst().trimmed)
    } else if let head, head.status >= 200 {
      isHeadSent = true
      if !mailbox.post(.head(head)) { return 0 }
    }
    return line.count
  }

  private func giveUp(_ error: HTTPError) -> Int {
    failure = error
    return 0
  }
}

/// Leads from the mailbox of an exchange to the exchange, which holds it.
// Written once, before the mailbox is known to anybody.
private final class CurlHook: @unchecked Sendable {
  weak var exchange: CurlExchange?
}

extension StringProtocol {
  /// Without the blanks and line ends around it.
  fileprivate var trimmed: String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r\n" || $0 == "\n" || $0 == "\r" }
    var text = self[...]
    while let first = text.first, isBlank(first) { text = text.dropFirst() }
    while let last = text.last, isBlank(last) { text = text.dropLast() }
    return String(text)
  }
}
