// What real providers sent, when the folder with it is there.
import FlowHTTP
import Foundation

/// The recordings in a folder `shared/recordings` beside the checkout, or beside a folder above it.
public struct SharedRecordings: Sendable {
  private let folder: URL

  /// `nil` when there is no such folder; a test says so, and returns.
  public init?(near file: String = #filePath) {
    var place = URL(filePath: file)
    while place.path != "/" {
      place.deleteLastPathComponent()
      let candidate = place.appending(path: "shared/recordings")
      if FileManager.default.fileExists(atPath: candidate.appending(path: "index.json").path) {
        folder = candidate
        return
      }
    }
    return nil
  }

  /// The files whose names end so, with what is in them.
  public func files(ending suffix: String) throws -> [(name: String, bytes: Bytes)] {
    let names =
      FileManager.default.enumerator(atPath: folder.path)?.allObjects.compactMap { $0 as? String } ?? []
    return try names.filter { $0.hasSuffix(suffix) }.sorted().map {
      ($0, Bytes([UInt8](try Data(contentsOf: folder.appending(path: $0)))))
    }
  }
}
