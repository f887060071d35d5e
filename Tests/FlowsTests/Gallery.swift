// The pictures of the reference: each is the run of a diagram that stands in a comment.
import Foundation
import Synchronization
import Testing

@testable import FlowTesting
@testable import Flows

/// The `marbles` of these tests. A diagram that a comment of the sources shows is drawn, when somebody wants pictures.
@discardableResult
func marbles<Output: Sendable>(
  _ diagram: String, values: [Character: any Sendable] = [:], results: [Character: Output] = [:],
  _ build: (MarbleSources) throws -> Flow<Output>
) throws -> MarblePicture {
  let picture = try FlowTesting.marbles(diagram, values: values, results: results, build)
  try Gallery.shared?.get().hang(picture, of: diagram)
  return picture
}

/// A diagram in a comment, or in an article.
struct Plate: Hashable {
  /// Its name among the pictures.
  let name: String
  /// As they stand in the comment.
  let lines: [String]

  /// The lines, with the spaces that aligned them taken out.
  var rows: Set<String> { Self.rows(of: lines) }

  static func rows<Line: StringProtocol>(of lines: [Line]) -> Set<String> {
    Set(lines.map { $0.split(separator: " ").joined(separator: " ") }.filter { !$0.isEmpty })
  }
}

/// A folder with a picture for each plate, light and dark, and a list of their names.
final class Gallery: Sendable {
  /// `FLOWS_PICTURES` names the folder. See `scripts/pictures`.
  static let shared = ProcessInfo.processInfo.environment["FLOWS_PICTURES"].map { path in
    Result { try Gallery(at: path) }
  }

  private let folder: URL
  private let plates: [Plate]
  /// Plates of several operators, as far as these have been run.
  private let unfinished = Mutex<[String: (picture: MarblePicture, rows: Set<String>)]>([:])

  init(at path: String) throws {
    folder = URL(filePath: path)
    plates = try House().plates()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let names = plates.map(\.name).sorted().joined(separator: "\n")
    try Data("\(names)\n".utf8).write(to: folder.appending(path: "names"))
  }

  func hang(_ picture: MarblePicture, of diagram: String) throws {
    let rows = Plate.rows(of: diagram.split(separator: "\n"))
    for plate in plates where rows.isSubset(of: plate.rows) {
      guard rows != plate.rows else {
        try write(picture, plate)
        continue
      }
      let whole = unfinished.withLock { unfinished -> MarblePicture? in
        var (known, seen) = unfinished[plate.name] ?? (MarblePicture(), [])
        known.addOperator(of: picture)
        seen.formUnion(rows)
        unfinished[plate.name] = (known, seen)
        return seen == plate.rows ? known.inOrder(of: plate.lines) : nil
      }
      if let whole { try write(whole, plate) }
    }
  }

  private func write(_ picture: MarblePicture, _ plate: Plate) throws {
    var picture = picture
    // As it stands there, so that it can be found.
    picture.diagram = plate.lines.joined(separator: "\n")
    for (theme, suffix) in [(MarblePicture.Theme.light, ""), (.dark, "~dark")] {
      let file = folder.appending(path: "\(plate.name)\(suffix).svg")
      try Data(picture.svg(theme).utf8).write(to: file)
    }
  }
}

extension MarblePicture {
  /// Takes over the rows that are not there yet.
  fileprivate mutating func addOperator(of other: MarblePicture) {
    for row in other.rows where !rows.contains(where: { $0.label == row.label }) { rows.append(row) }
  }

  fileprivate func inOrder(of lines: [String]) -> MarblePicture {
    func place(_ row: Row) -> Int { lines.firstIndex { $0.hasPrefix(row.label) } ?? lines.count }
    return MarblePicture(rows: rows.sorted { place($0) < place($1) })
  }
}

extension House {
  /// The diagrams in the comments of the operators, and in the articles.
  func plates() throws -> [Plate] {
    var plates: [Plate] = []
    for folder in Self.words + ["Flows.docc"] {
      let ending = folder == "Flows.docc" ? ".md" : ".swift"
      for path in files(in: "Sources/Flows/\(folder)", ending: ending) {
        for lines in try diagrams(in: path) where !plates.contains(where: { $0.lines == lines }) {
          let wish = try Self.name(of: MarbleDiagram(lines.joined(separator: "\n")).result.label)
          // A dot would begin the ending of a file.
          let names = (1...).lazy.map { $0 == 1 ? wish : "\(wish)-\($0)" }
          let name = names.first { name in !plates.contains { $0.name == name } }
          plates.append(Plate(name: name ?? wish, lines: lines))
        }
      }
    }
    return plates
  }

  /// The indented parts that are diagrams.
  private func diagrams(in path: String) throws -> [[String]] {
    var diagrams: [[String]] = []
    var part: [String] = []
    var isFenced = false
    let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let line = path.hasSuffix(".md") ? line : Self.comment(in: line)
      if line.hasPrefix("```") { isFenced.toggle() }
      if line.hasPrefix("    "), !isFenced {
        part.append(String(line.dropFirst(4)))
      } else {
        if part.contains(where: { Self.isMarble("     \($0)") }) { diagrams.append(part) }
        part = []
      }
    }
    return diagrams
  }

  /// What a line of code says about the code.
  private static func comment(in line: Substring) -> Substring {
    let text = line.drop { $0 == " " }
    return text.hasPrefix("/// ") ? text.dropFirst(4) : ""
  }

  /// What stands in brackets tells diagrams of one operator apart; a closure too, when it is short.
  private static func name(of label: String) -> String {
    let brace = label.firstIndex(of: "{") ?? label.endIndex
    let text = label[brace...].count < 20 ? label[...] : label[..<brace]
    return text.split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
  }
}
