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
    #expect(all.contains("Begin/From.swift: flow"))
    #expect(all.contains("Begin/From+AsyncSequence.swift: flow"))
    #expect(!all.contains { $0.hasSuffix(": request") })
  }

  /// Whoever looks for an operator looks under the ten words.
  @Test func `are nowhere else`() throws {
    let folders = Self.words.map { "Sources/Flows/\($0)/" }
    var strays: [String] = []
    for path in house.files(in: "Sources/Flows", ending: ".swift")
    where !folders.contains(where: path.hasPrefix) {
      let text = try String(contentsOf: house.root.appending(path: path), encoding: .utf8)
      strays += House.declarations(in: text).map { "\(path): \($0.name)" }
    }
    #expect(strays == [])
  }

  /// A source that is a type of its own has a row of its name.
  @Test func `have a row for each kind of subject`() throws {
    let names = Set(LawsTests.rows.map(\.name))
    var missing: [String] = []
    for path in house.files(in: "Sources/Flows/Share", ending: ".swift") {
      let text = try String(contentsOf: house.root.appending(path: path), encoding: .utf8)
      for match in text.matches(of: /\npublic final class ([A-Za-z]+)</) {
        if !names.contains(String(match.output.1)) { missing.append("\(path): \(match.output.1)") }
      }
    }
    #expect(missing == [])
  }

  @Test func `have names in the registry that exist`() throws {
    let known = try Set(Self.words.flatMap { try house.operators(of: $0) }.map(\.name))
    let strange = LawsTests.rows.map(\.name).filter { name in
      !known.contains(name) && name.first?.isUppercase != true
    }
    #expect(strange == [])
  }

  @Test(arguments: words)
  func `stand under a topic of the reference`(word: String) throws {
    let text = try String(
      contentsOf: house.root.appending(path: "Sources/Flows/Flows.docc/Flows.md"), encoding: .utf8)
    // A property of sequences is described where they are extended.
    let missing = try missing(in: word) { entry in
      try entry.name == "flow" || text.contains(Regex("``Flow/\(entry.name)\\b"))
    }
    #expect(missing == [])
  }

  @Test func `have a row in the benchmarks, or a reason to have none`() throws {
    let text = try house.files(in: "Benchmarks/Sources/FlowBenchmarks", ending: ".swift")
      .filter { $0.contains("/Operators") }
      .map { try String(contentsOf: house.root.appending(path: $0), encoding: .utf8) }
      .joined(separator: "\n")
    for word in Self.words {
      let missing = try missing(in: word) { entry in
        try text.contains(Regex("(row|terminal)\\(\"\(entry.name)\\b"))
          || text.contains(Regex("say\\([^)]*\"\(entry.name)\""))
      }
      #expect(missing == [])
    }
  }

  /// What no operator can break is proved in the kernel: by tests that are there.
  @Test func `rely on proofs that exist`() throws {
    let tests = try house.files(in: "Tests", ending: "Tests.swift")
      .map { try String(contentsOf: house.root.appending(path: $0), encoding: .utf8) }
      .joined(separator: "\n")
    for rule in Laws.rules {
      if case .kernel(let name) = rule.proof { #expect(tests.contains("func `\(name)`("), "\(rule)") }
    }
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
    // A sequence as a flow has the picture of `from`.
    let missing = try missing(in: word) { $0.hasMarble || $0.name == "flow" }
    #expect(missing == [])
  }

  @Test(arguments: words)
  func `have a line on the playground`(word: String) throws {
    let page = "Playgrounds/Flows.playground/Pages/\(word).xcplaygroundpage/Contents.swift"
    let text = try String(contentsOf: house.root.appending(path: page), encoding: .utf8)
    let missing = try missing(in: word) { entry in
      text.contains(try Regex("\\.`?\(entry.name)(?![A-Za-z0-9])"))
    }
    #expect(missing == [])
  }
}
