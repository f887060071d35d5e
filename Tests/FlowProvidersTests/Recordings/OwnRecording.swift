// What was recorded of real servers by `scripts/real-servers record`.
import FlowHTTP
import Foundation
import Testing

@testable import FlowProviders

/// One of the project's own recordings.
struct OwnRecording: Sendable, CustomTestStringConvertible {
  /// Who answered, in which language, and what was asked for.
  let name: String
  let recording: HTTPRecording

  var testDescription: String { name }

  static let all: [OwnRecording] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Own")
    let files =
      (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    return files.sorted { $0.path < $1.path }.compactMap { file in
      guard let data = try? Data(contentsOf: file),
        let recording = try? HTTPRecording(reading: Bytes([UInt8](data)))
      else { return nil }
      return OwnRecording(name: file.deletingPathExtension().lastPathComponent, recording: recording)
    }
  }()

  /// The server declined to answer.
  var isRefusal: Bool { name.hasSuffix("-refusal") }

  /// How the provider is called that spoke with it.
  var provider: String {
    switch name.split(separator: "-")[1] {
    case "responses": "openai-responses"
    case "messages": "anthropic"
    case "gemini": "gemini"
    default: "openai"
    }
  }
}

extension HTTPRecording.Exchange {
  /// The body of the response, whole.
  var body: [UInt8] {
    events.flatMap { event -> [UInt8] in
      if case .body(let bytes) = event.what { Array(bytes) } else { [] }
    }
  }
}
