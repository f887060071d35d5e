// An operator is finished when it has all that a reader looks for.
import FlowTesting
import Foundation
import Testing

@Suite struct OperatorCatalogueTests {
  static let words = House.words
  let house = House()

  private func missing(in word: String, _ isThere: (CatalogueEntry) throws -> Bool) throws -> [String] {
    try house.operators(of: word).filter { try !isThere($0) }.map(\.description)
  }

  @Test func `are found in their files`() throws {
    let all = try Self.words.flatMap { try house.operators(of: $0) }.map(\.description)
    #expect(all.contains("Transform/Map.swift: map"))
    #expect(all.contains("Begin/From.swift: from"))
    #expect(all.contains("Finish/Values.swift: values"))
    #expect(all.contains("Recover/Catch.swift: catch"))
    #expect(!all.contains { $0.hasSuffix(": request") })
  }

  @Test(arguments: words)
  func `have a row in the registry of laws`(word: String) throws {
    let names = Set(LawsTests.rows.map(\.name))
    let missing = try missing(in: word) { names.contains($0.name) }
    #expect(missing == [])
  }

  @Test(arguments: words)
  func `have a file of tests`(word: String) throws {
    let missing = try missing(in: word) { entry in
      let path = "Tests/FlowsTests/\(word)/\(entry.file)Tests.swift"
      return FileManager.default.fileExists(atPath: house.root.appending(path: path).path)
    }
    #expect(missing == [])
  }

  /// What comes out of a terminal is a value and no flow: there is nothing to draw.
  @Test(arguments: words.filter { $0 != "Finish" })
  func `have a marble in their comment`(word: String) throws {
    let missing = try missing(in: word) { $0.hasMarble }
    #expect(missing == [])
  }

  @Test(arguments: words)
  func `have a line on the playground`(word: String) throws {
    let page = "Playgrounds/Flows.playground/Pages/\(word).xcplaygroundpage/Contents.swift"
    let text = try String(contentsOf: house.root.appending(path: page), encoding: .utf8)
    let missing = try missing(in: word) { entry in text.contains(try Regex("\\.`?\(entry.name)\\b")) }
    #expect(missing == [])
  }
}
