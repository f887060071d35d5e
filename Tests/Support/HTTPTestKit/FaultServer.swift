// A server that does what no server should, on a real socket.
import FlowHTTP
import Flows

/// An HTTP server on this machine whose every byte a test decides. Each connection has a thread of its own.
///
/// ```swift
/// let server = try FaultServer { connection in
///   _ = try connection.readRequest()
///   try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel")   // and closes
/// }
/// ```
///
/// Let go, it closes everything.
public final class FaultServer: Sendable {
  /// What a server has seen.
  public struct Log: Sendable {
    public var accepted = 0
    public var open = 0
    /// Requests, in order of arrival.
    public var requests: [Request] = []
    /// Bytes that the system took, of all connections.
    public var sent = 0
    /// The other side took nothing for a while though there was more to send.
    public var isBlocked = false
    /// Connections that the other side closed while they were served.
    public var closedByPeer = 0
  }

  public struct Request: Sendable {
    public let method: String
    public let target: String
    public let headers: HTTPHeaders
    public let body: Bytes
  }

  public let port: UInt16
  public let log: Watched<Log>
  private let listener: Listener

  public var url: String { "http://127.0.0.1:\(port)" }

  /// - Parameter serve: serves one connection, on a thread of its own. When it returns or throws, the connection is
  ///   closed.
  public init(_ serve: @escaping @Sendable (Connection) throws -> Void) throws {
    let (descriptor, port) = try Sockets.listen()
    self.port = port
    log = Watched(Log())
    listener = Listener(descriptor)
    Platform.startThread("fault.listen") { [listener, log] in
      while let accepted = Sockets.accept(descriptor) {
        let connection = Connection(accepted, log)
        log.change {
          $0.accepted += 1
          $0.open += 1
        }
        if !listener.add(connection) { connection.interrupt() }
        Platform.startThread("fault.serve") {
          var isGone = false
          do { try serve(connection) } catch { isGone = error is PeerIsGone }
          listener.remove(connection)
          connection.close()
          log.change {
            $0.open -= 1
            if isGone { $0.closedByPeer += 1 }
          }
        }
      }
      Sockets.close(descriptor)
    }
  }

  deinit { listener.stop() }

  /// Ends all connections, whatever they do. A server that is let go does the same.
  public func stop() { listener.stop() }
}

// Everything is guarded by the lock.
private final class Listener: @unchecked Sendable {
  private let lock = Lock()
  private let descriptor: CInt
  private var connections: [ObjectIdentifier: Connection] = [:]
  private var isStopped = false

  init(_ descriptor: CInt) { self.descriptor = descriptor }

  func add(_ connection: Connection) -> Bool {
    lock(self) {
      if !isStopped { connections[ObjectIdentifier(connection)] = connection }
      return !isStopped
    }
  }

  func remove(_ connection: Connection) { lock(self) { connections[ObjectIdentifier(connection)] = nil } }

  func stop() {
    let (isFirst, left) = lock(self) {
      defer { isStopped = true }
      return (!isStopped, Array(connections.values))
    }
    if isFirst { Sockets.shutDown(descriptor) }
    for connection in left { connection.interrupt() }
  }
}
