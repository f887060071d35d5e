// Where the recorded streams are, and what each of them is.
import FlowHTTP
import Foundation
import Testing

@testable import FlowProviders

/// A recorded answer of a real provider.
struct Recorded: Sendable, CustomTestStringConvertible {
  var file: String
  var wire: WireProtocol
  var framing: WireFraming
  var bytes: [UInt8]

  var testDescription: String { file }
}

enum Recordings {
  static let all = own + shared

  /// The bodies of what `flow record` recorded of servers that run on a machine of one's own.
  static let own: [Recorded] = OwnRecording.all.filter { !$0.isRefusal }.flatMap { own in
    own.recording.exchanges.compactMap { exchange in
      guard let wire = WireProtocol(address: exchange.request.url) else { return nil }
      return Recorded(file: own.name, wire: wire, framing: wire.framing, bytes: exchange.body)
    }
  }

  /// The recordings beside the repository, or in the folder that `FLOW_RECORDINGS` names. None where there is no
  /// such folder: they are not part of the project.
  private static let shared: [Recorded] = {
    guard let data = try? Data(contentsOf: folder.appending(path: "index.json")),
      let index = try? JSONSerialization.jsonObject(with: data) as? [[String: Any]]
    else { return [] }
    var seen: Set<String> = []
    return index.compactMap { entry -> Recorded? in
      guard let file = entry["file"] as? String, seen.insert(file).inserted,
        let content = try? Data(contentsOf: folder.appending(path: file)),
        let wire = wire(file, entry["protocol"] as? String ?? "")
      else { return nil }
      let isLines = (entry["framing"] as? String)?.contains("a line") == true
      return Recorded(
        file: file, wire: wire, framing: isLines ? .jsonLines : wire.framing, bytes: Array(content))
    }
  }()

  private static let folder: URL = {
    if let folder = ProcessInfo.processInfo.environment["FLOW_RECORDINGS"] { return URL(filePath: folder) }
    let repository = (0..<4).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    return repository.deletingLastPathComponent().appending(path: "shared/recordings")
  }()

  private static func wire(_ file: String, _ name: String) -> WireProtocol? {
    if let wire = WireProtocol(named: name) { return wire }
    switch name {
    case "openai", "open-responses": return .openAIResponses
    case "google": return .gemini
    case "mistral", "groq", "perplexity": return .openAIChat
    default: break
    }
    if name.contains("/api/chat") || name.contains("/api/generate") { return .ollama }
    if name.contains("/responses") { return .openAIResponses }
    if name.contains("/messages") || name.contains("anthropic") { return .anthropic }
    if name.contains("/chat/completions") { return .openAIChat }
    if name.contains("gemini") { return .gemini }
    if name.contains("cohere") { return .cohere }
    return nil
  }
}
