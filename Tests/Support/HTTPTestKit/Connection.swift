// One connection of the fault server, in the hands of its thread.
import FlowHTTP
import Flows

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The other side is gone.
public struct PeerIsGone: Error {}

/// A connection. Its verbs block, and throw ``PeerIsGone`` when the other side has closed.
// Used by its thread alone, but for `interrupt`, which only shuts the socket down.
public final class Connection: @unchecked Sendable {
  private let descriptor: CInt
  private let log: Watched<FaultServer.Log>
  private var unread: [UInt8] = []
  private let lock = Lock()
  private var isClosed = false  // guarded by `lock`: a number of a closed socket may be another's already

  init(_ descriptor: CInt, _ log: Watched<FaultServer.Log>) {
    self.descriptor = descriptor
    self.log = log
    Sockets.sendAtOnce(descriptor)
  }

  // MARK: Reading

  /// The next request, whole.
  @discardableResult
  public func readRequest() throws -> FaultServer.Request {
    let end = Array("\r\n\r\n".utf8)
    while unread.firstRange(of: end) == nil { try readMore() }
    let range = unread.firstRange(of: end)!
    let lines = String(decoding: unread[..<range.lowerBound], as: UTF8.self).split(separator: "\r\n")
    unread.removeFirst(range.upperBound)
    let words = (lines.first ?? "").split(separator: " ")
    var headers = HTTPHeaders()
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      headers.add(String(parts[0]), String(parts.last!.drop { $0 == " " }))
    }
    let length = headers["Content-Length"].flatMap { Int($0) } ?? 0
    while unread.count < length { try readMore() }
    let request = FaultServer.Request(
      method: String(words.first ?? ""), target: String(words.dropFirst().first ?? ""), headers: headers,
      body: Bytes(unread[..<length]))
    unread.removeFirst(length)
    log.change { $0.requests.append(request) }
    return request
  }

  private func readMore() throws {
    guard let bytes = Sockets.read(descriptor) else { throw PeerIsGone() }
    unread += bytes
  }

  /// Waits until the other side closes.
  public func awaitClose() throws {
    while true { try readMore() }
  }

  /// Waits until the other side says something or closes, but no longer than so many milliseconds.
  public func awaitNews(atMost milliseconds: CInt) { _ = Sockets.isReady(descriptor, POLLIN, milliseconds) }

  // MARK: Writing

  /// Sends all of `bytes`.
  public func send(_ bytes: Bytes) throws {
    try bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        guard let count = Sockets.write(descriptor, UnsafeRawBufferPointer(rebasing: rest)) else {
          throw PeerIsGone()
        }
        rest = rest.dropFirst(count)
        log.change { $0.sent += count }
      }
    }
  }

  /// Sends every byte by itself.
  public func drip(_ bytes: Bytes) throws {
    for index in bytes.indices { try send(bytes[index..<index + 1]) }
  }

  /// The system holds no more than about so many bytes that the other side has not taken.
  public func limitSendBuffer(to bytes: Int) { Sockets.set(descriptor, SOL_SOCKET, SO_SNDBUF, CInt(bytes)) }

  /// Sends `piece` again and again until that is so many bytes in all, and notes whenever the other side takes
  /// nothing for a fifth of a second.
  public func flood(_ piece: Bytes, total: Int) throws {
    var sent = 0
    while sent < total {
      let part = piece.dropFirst(sent % piece.count).prefix(total - sent)
      guard let count = part.withUnsafeBytes({ Sockets.write(descriptor, $0, waits: false) }) else {
        throw PeerIsGone()
      }
      sent += count
      log.change { $0.sent += count }
      if count == 0, !Sockets.awaitSpace(descriptor, 200) {
        log.change { $0.isBlocked = true }
        _ = Sockets.awaitSpace(descriptor, -1)
        log.change { $0.isBlocked = false }
      }
    }
  }

  // MARK: Ending

  /// Breaks the connection, so that the other side sees a reset.
  public func reset() {
    Sockets.resetOnClose(descriptor)
    close()
  }

  func close() {
    let isFirst = lock(self) {
      defer { isClosed = true }
      return !isClosed
    }
    if isFirst { Sockets.close(descriptor) }
  }

  func interrupt() { lock(self) { if !isClosed { Sockets.shutDown(descriptor) } } }
}
