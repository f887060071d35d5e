// The few calls of the system that a server needs.
#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What a call of the system refused.
public struct SocketError: Error, CustomStringConvertible {
  public let call: String
  public let number: CInt
  init(_ call: String) {
    self.call = call
    number = errno
  }
  public var description: String { "\(call): \(String(cString: strerror(number)))" }
}

enum Sockets {
  /// A socket that listens on a port of its own choice, on this machine only.
  static func listen(queue: CInt = 4096) throws -> (descriptor: CInt, port: UInt16) {
    #if canImport(Glibc)
      let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    guard descriptor >= 0 else { throw SocketError("socket") }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 && Self.systemListen(descriptor, queue) == 0
          && getsockname(descriptor, $0, &size) == 0
      }
    }
    guard status else { throw SocketError("bind") }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  private static func systemListen(_ descriptor: CInt, _ queue: CInt) -> CInt {
    #if canImport(Darwin)
      Darwin.listen(descriptor, queue)
    #elseif canImport(Glibc)
      Glibc.listen(descriptor, queue)
    #else
      Musl.listen(descriptor, queue)
    #endif
  }

  /// Begins to connect to a port of this machine, and waits for nothing.
  static func connect(_ port: UInt16) -> CInt? {
    #if canImport(Glibc)
      let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    guard descriptor >= 0 else { return nil }
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    _ = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        systemConnect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    return descriptor
  }

  private static func systemConnect(
    _ descriptor: CInt, _ address: UnsafePointer<sockaddr>, _ size: socklen_t
  ) -> CInt {
    #if canImport(Darwin)
      Darwin.connect(descriptor, address, size)
    #elseif canImport(Glibc)
      Glibc.connect(descriptor, address, size)
    #else
      Musl.connect(descriptor, address, size)
    #endif
  }

  /// Waits for a connection; `nil` when the socket was closed.
  static func accept(_ descriptor: CInt) -> CInt? {
    #if canImport(Darwin)
      let connection = Darwin.accept(descriptor, nil, nil)
    #elseif canImport(Glibc)
      let connection = Glibc.accept(descriptor, nil, nil)
    #else
      let connection = Musl.accept(descriptor, nil, nil)
    #endif
    return connection >= 0 ? connection : nil
  }

  static func set(_ descriptor: CInt, _ level: CInt, _ option: CInt, _ value: CInt) {
    var value = value
    setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
  }

  /// Every write is a segment of its own.
  static func sendAtOnce(_ descriptor: CInt) {
    #if canImport(Darwin)
      set(descriptor, SOL_SOCKET, SO_NOSIGPIPE, 1)
    #endif
    set(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, 1)
  }

  /// Closing this socket tells the other side that something broke.
  static func resetOnClose(_ descriptor: CInt) {
    var linger = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
  }

  /// How many bytes the system took; `nil` when the other side is gone. Waits until it takes some, or answers 0.
  static func write(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer, waits: Bool = true) -> Int? {
    #if canImport(Darwin)
      let quietly: CInt = 0
    #else
      let quietly = CInt(MSG_NOSIGNAL)
    #endif
    let count = send(
      descriptor, bytes.baseAddress, bytes.count, waits ? quietly : quietly | CInt(MSG_DONTWAIT))
    if count >= 0 { return count }
    return !waits && (errno == EAGAIN || errno == EWOULDBLOCK) ? 0 : nil
  }

  /// What has come; `nil` when the other side has closed, or is gone. Blocks until there is something.
  static func read(_ descriptor: CInt) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? Array(buffer[..<count]) : nil
  }

  /// Waits until the socket takes bytes. False when that took longer than so many milliseconds.
  static func awaitSpace(_ descriptor: CInt, _ milliseconds: CInt) -> Bool {
    isReady(descriptor, POLLOUT, milliseconds)
  }

  static func isReady(_ descriptor: CInt, _ what: some BinaryInteger, _ milliseconds: CInt) -> Bool {
    var wanted = pollfd(fd: descriptor, events: Int16(what), revents: 0)
    return poll(&wanted, 1, milliseconds) != 0
  }

  /// Wakes whoever waits for the socket.
  static func shutDown(_ descriptor: CInt) { shutdown(descriptor, CInt(SHUT_RDWR)) }
  static func close(_ descriptor: CInt) {
    #if canImport(Darwin)
      Darwin.close(descriptor)
    #elseif canImport(Glibc)
      Glibc.close(descriptor)
    #else
      Musl.close(descriptor)
    #endif
  }
}

/// How many descriptors of files and sockets this process has open.
public func openDescriptors() -> Int { (0..<CInt(4096)).count { fcntl($0, F_GETFD) != -1 } }

/// A port on this machine that takes no more connections, and refuses none: its queue is full.
public final class FullPort: Sendable {
  private let descriptors: [CInt]
  public let port: UInt16
  public var url: String { "http://127.0.0.1:\(port)" }

  public init() throws {
    let (descriptor, port) = try Sockets.listen(queue: 0)
    self.port = port
    // One more than the queue holds is taken on this side, and not answered on the other.
    descriptors = [descriptor] + (0..<4).compactMap { _ in Sockets.connect(port) }
  }

  deinit { for descriptor in descriptors { Sockets.close(descriptor) } }
}
