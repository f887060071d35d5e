// The files of this package, for the tests that compare what they say.
import Foundation

struct House {
  /// The ten words, in their order.
  static let words = [
    "Begin", "Transform", "Select", "Combine", "Time", "Pressure", "Recover", "Share", "Observe", "Finish",
  ]

  let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The lines of a file without the spaces around them, or those after the line `start`.
  func lines(of path: String, from start: String? = nil) throws -> [String] {
    let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
    let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    guard let start else { return lines }
    return Array(lines.drop { $0 != start }.dropFirst())
  }

  /// The names of the folders in a folder.
  func folders(in path: String) throws -> Set<String> {
    let entries = try FileManager.default.contentsOfDirectory(
      at: root.appending(path: path), includingPropertiesForKeys: [.isDirectoryKey])
    let folders = try entries.filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
    return Set(folders.map(\.lastPathComponent))
  }

  /// The paths of all files under a folder whose names end with `suffix`.
  func files(in path: String, ending suffix: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: root.appending(path: path).path)?.allObjects ?? []
    return names.compactMap { $0 as? String }.filter { $0.hasSuffix(suffix) }.map { "\(path)/\($0)" }.sorted()
  }
}
