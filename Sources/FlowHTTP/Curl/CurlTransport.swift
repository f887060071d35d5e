// The real transport: libcurl, one thread for all transfers.
import Flows

/// Carries requests with libcurl: HTTP/1.1 and, where a server offers it, HTTP/2; connections are reused.
///
/// One thread does the input and output of all exchanges of a transport; it starts with the first. A run without a
/// place of its own is driven there, so its closures must be short; `receive(on:)` moves longer work elsewhere.
///
/// **How demand reaches the server.** A part is read from the socket only when it was asked for. Otherwise the
/// transfer is paused: the buffers of the two kernels fill, the TCP window closes, and the server's `write` blocks.
/// What is under way then, besides the buffer of the sender, is ``Options/receiveBuffer`` twice (the kernel doubles
/// it) and 32 KiB in libcurl. An HTTP/2 connection is shared: there the window of the one stream closes, which is
/// libcurl's own and can be 32 MiB.
///
/// Redirects are not followed: they are responses. Certificates are always verified. Cookies are not kept.
public final class CurlTransport: HTTPTransport {
  /// What is the same for all exchanges of a transport.
  public struct Options: Sendable {
    /// How proxies are found.
    public enum Proxy: Sendable {
      /// `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`, as libcurl reads them.
      case environment
      case none
      /// The address of one, such as `http://localhost:3128` or `socks5h://localhost:1080`.
      case url(String)
    }

    /// Which authorities are trusted.
    public enum Certificates: Sendable {
      /// Those of the system; or of the file that `CURL_CA_BUNDLE` or `SSL_CERT_FILE` in the environment names.
      case system
      /// Those in a file in PEM format, and no others.
      case file(String)
    }

    /// Whether HTTP/2 is spoken.
    public enum HTTP2: Sendable {
      /// Over TLS, with servers that offer it.
      case whereOffered
      /// Every exchange has a connection of its own, whose window is that of its consumer.
      case never
    }

    public var http2 = HTTP2.whereOffered
    public var proxy = Proxy.environment
    public var certificates = Certificates.system
    /// What the kernel is asked to hold of each connection, in bytes; `nil` for as much as it likes. Less makes
    /// backpressure quicker, more helps a fast body over a long way: it bounds the bytes per round trip.
    public var receiveBuffer: Int? = 128 << 10
    /// The most connections that are kept open for the next exchange.
    public var idleConnections = 64
    /// What a request says that does not say it itself.
    public var userAgent = "swift-flows"

    public init() {}
  }

  /// The transport that is used when nobody says otherwise.
  public static let shared = CurlTransport()

  private let loop: CurlLoop

  public init(_ options: Options = Options()) { loop = CurlLoop(options) }

  deinit { loop.close() }

  public func exchange(_ request: HTTPRequest) -> Flow<HTTPPart> {
    Flow { [self] context in
      if let mistake = request.mistake { return { _ in .failed(mistake) } }
      // The transport lives as long as its exchanges.
      let exchange = CurlExchange(request, loop, owner: self)
      let stage = exchange.mailbox.read(in: context)
      context.onEnd { exchange.cancel() }
      var clock = LimitClock(request.limits, context)
      var isStarted = false
      return { room in
        if !isStarted {
          if room.isFull { return .more }
          isStarted = true
          clock.start()
        }
        let poll = stage(&room)
        if poll.isTerminal { return poll }
        if let error = clock.check(exchange.progress, isWaiting: !room.isFull) { return .failed(error) }
        return poll
      }
    }
  }

  /// Ends the exchanges that are under way, closes all connections, and waits until that is done. Exchanges that
  /// are begun later fail. A transport that is let go does the same without being waited for.
  public func shutDown() async {
    await Continuation.suspend(isolation: nil) { continuation in loop.close { continuation.resume() } }
  }
}
