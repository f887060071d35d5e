// A server with a certificate that nobody has signed: the `openssl` command, where there is one.
import Foundation

/// Answers `GET` over TLS, with a certificate of its own for 127.0.0.1. Let go, it ends.
// The process is started once, and ended once.
public final class SecureServer: @unchecked Sendable {
  public let port: Int
  /// The file with the certificate.
  public let certificate: String
  private let server: Process
  private let folder: URL

  /// `nil` when there is no `openssl` here; a test says so, and returns.
  public init?() throws {
    let places = ["/usr/bin/openssl", "/usr/local/bin/openssl"]
    guard let tool = places.first(where: FileManager.default.isExecutableFile) else { return nil }
    folder = FileManager.default.temporaryDirectory.appending(path: "flows-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let (key, certificate) = (folder.appending(path: "key.pem").path, folder.appending(path: "cert.pem").path)
    let maker = Self.process(
      tool,
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", "/CN=here", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
      ])
    try maker.run()
    maker.waitUntilExit()
    self.certificate = certificate
    server = Self.process(
      tool,
      [
        "s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-www",
      ])
    let output = Pipe()
    server.standardOutput = output
    try server.run()
    // It says where it listens.
    var said = ""
    var port: Int?
    while port == nil {
      let data = output.fileHandleForReading.availableData
      if data.isEmpty { throw SocketError("openssl s_server") }
      said += String(decoding: data, as: UTF8.self)
      port = said.firstMatch(of: /ACCEPT .*:(\d+)\n/).flatMap { Int($0.1) }
    }
    self.port = port ?? 0
  }

  private static func process(_ tool: String, _ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = URL(filePath: tool)
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    return process
  }

  deinit {
    server.terminate()
    try? FileManager.default.removeItem(at: folder)
  }
}
