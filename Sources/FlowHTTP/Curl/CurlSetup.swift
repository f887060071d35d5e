// A request in the words of libcurl.
import CCurl
import CCurlShim

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The easy handle of one transfer, and what has to live as long. Of the I/O thread.
final class CurlSetup {
  /// The most bytes of a part.
  static let longestPart = 64 << 10
  /// How much is read at a time. Every transfer has such a buffer, and most of them read tokens; but a consumer that
  /// asks for one part of a long body at a time crosses threads for each.
  static let readBuffer = 32 << 10
  /// The most bytes of the headers of a response.
  static let longestHead = 256 << 10

  let easy: UnsafeMutableRawPointer
  private let errorBuffer: UnsafeMutablePointer<CChar>
  private var headerList: UnsafeMutablePointer<curl_slist>?
  /// The first option that libcurl refused.
  private var refusal: CURLcode = CURLE_OK

  init(_ request: HTTPRequest, _ options: CurlTransport.Options) throws(HTTPError) {
    guard let easy = curl_easy_init() else { throw .transport("libcurl makes no handle") }
    self.easy = easy
    errorBuffer = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorBuffer.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    refuse(flows_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorBuffer))
    setUp(options)
    setUp(request)
    if refusal != CURLE_OK { throw .invalidRequest(String(cString: curl_easy_strerror(refusal))) }
  }

  deinit {
    curl_easy_cleanup(easy)
    curl_slist_free_all(headerList)
    errorBuffer.deallocate()
  }

  /// What libcurl says about its failure.
  var errorText: String { String(cString: errorBuffer) }

  private func setUp(_ options: CurlTransport.Options) {
    set(CURLOPT_NOSIGNAL, 1)
    // A name that is being looked up must not hold up the thread when its transfer is cancelled.
    set(CURLOPT_QUICK_EXIT, 1)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    switch options.http2 {
    case .whereOffered: set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
    case .never: set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    }
    set(CURLOPT_BUFFERSIZE, Self.readBuffer)
    // Limits on time are those of the run; this one would be libcurl's own.
    set(CURLOPT_CONNECTTIMEOUT_MS, Int(Int32.max))
    set(CURLOPT_TCP_KEEPALIVE, 1)
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    // Compression would hold bytes back; a server that compresses all the same is understood.
    set(CURLOPT_ACCEPT_ENCODING, "identity")
    set(CURLOPT_USERAGENT, options.userAgent)
    refuse(flows_curl_set_up_sockets(easy, CInt(clamping: options.receiveBuffer ?? 0)))
    switch options.proxy {
    case .environment: break
    case .none: set(CURLOPT_PROXY, "")
    case .url(let url): set(CURLOPT_PROXY, url)
    }
    switch options.certificates {
    case .system:
      if let file = Self.environment("CURL_CA_BUNDLE") ?? Self.environment("SSL_CERT_FILE") {
        set(CURLOPT_CAINFO, file)
      }
    case .file(let path):
      set(CURLOPT_CAINFO, path)
      refuse(flows_curl_set_string(easy, CURLOPT_CAPATH, nil))
    }
  }

  private static func environment(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }

  private func setUp(_ request: HTTPRequest) {
    set(CURLOPT_URL, request.url)
    if request.method == "HEAD" {
      set(CURLOPT_NOBODY, 1)
    } else if !request.body.isEmpty || request.method == "POST" {
      set(CURLOPT_POST, 1)
      // The size comes first, or the body would be taken for a C string.
      refuse(flows_curl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)))
      request.body.withUnsafeBytes { body in
        refuse(
          flows_curl_set_pointer(
            easy, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: body.baseAddress)))
      }
    }
    if request.method != "HEAD" { set(CURLOPT_CUSTOMREQUEST, request.method) }
    for field in request.headers {
      // This is how libcurl spells a field without a value.
      add(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
    }
    // Waiting for permission to send a body costs a round trip, or a second.
    if request.headers["Expect"] == nil { add("Expect:") }
    // Nor is a form assumed where nothing was said.
    if request.headers["Content-Type"] == nil { add("Content-Type:") }
    refuse(flows_curl_set_pointer(easy, CURLOPT_HTTPHEADER, headerList))
  }

  private func add(_ line: String) { headerList = curl_slist_append(headerList, line) ?? headerList }

  private func set(_ option: CURLoption, _ value: Int) { refuse(flows_curl_set_number(easy, option, value)) }
  private func set(_ option: CURLoption, _ value: String) {
    refuse(flows_curl_set_string(easy, option, value))
  }

  private func refuse(_ code: CURLcode) { if refusal == CURLE_OK { refusal = code } }
}

extension HTTPRequest {
  /// What is wrong with the request before it is sent.
  var mistake: HTTPError? {
    if let mistake = limits.mistake { return mistake }
    if method.isEmpty || !method.utf8.allSatisfy(\.isToken) {
      return .invalidRequest("the method is no word")
    }
    // Whoever can put a line end into a field could add fields, and a second request.
    for field in headers {
      if field.name.isEmpty || !field.name.utf8.allSatisfy(\.isToken) {
        return .invalidRequest("the name of a header field is no word")
      }
      if field.value.utf8.contains(where: { $0 == 0 || $0 == .lineFeed || $0 == .carriageReturn }) {
        return .invalidRequest("the header field \(field.name) has a line end in its value")
      }
    }
    let scheme = url.prefix { $0 != ":" }.lowercasedASCII
    if scheme != "http" && scheme != "https" {
      return .invalidRequest("the address begins with neither http: nor https:")
    }
    if url.utf8.contains(where: { $0 <= .space || $0 == 0x7F }) {
      return .invalidRequest("the address has a blank or a line end in it")
    }
    return nil
  }
}

extension UInt8 {
  /// A character that a name in HTTP may have.
  fileprivate var isToken: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(self)
    }
  }
}
