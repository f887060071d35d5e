// The documents show only code that is compiled.
import Testing

@Suite struct GuideTests {
  /// What stands above code that is written with another library.
  static let others: Set = ["// Combine", "// RxSwift", "// AsyncAlgorithms"]

  let house = House()

  @Test func `code that a document shows stands in a file that is compiled`() throws {
    let files = house.files(in: "Sources", ending: ".swift") + house.files(in: "Tests", ending: ".swift")
    let compiled = try files.map { try house.lines(of: $0).joined(separator: "\n") + "\n" }
    let articles =
      house.files(in: "docs/guides", ending: ".md")
      + house.files(in: "Sources", ending: ".md")
    for document in ["README.md", "Sources/Flows/Flow.swift"] + articles {
      for snippet in try snippets(in: house.lines(of: document)) {
        #expect(compiled.contains { $0.contains("\n\(snippet)\n") }, "\(document) shows\n\(snippet)")
      }
    }
  }

  @Test func `the page for choosing an operator leads to every one`() throws {
    let page = try house.lines(of: "Sources/Flows/Flows.docc/ChoosingAnOperator.md").joined()
    let named = Set(page.matches(of: /``Flow\/(\w+)/).map { String($0.1) })
    let missing = try House.words.flatMap { try house.operators(of: $0) }.filter {
      // Sequences, not flows, have `flow`.
      $0.name != "flow" && !named.contains($0.name)
    }
    #expect(missing.map(\.description) == [])
  }

  @Test func `the picture in the README is the one of debounce`() throws {
    let lines = try house.lines(of: "README.md")
    let drawn = lines.filter { !$0.hasPrefix("|") && ($0.hasSuffix("|") || $0.hasSuffix("|)")) }
    let pictures = try house.lines(of: "Sources/Flows/Time/Debounce.swift")
    #expect(drawn.count == 2)
    for row in drawn { #expect(pictures.contains("///     \(row)")) }
  }

  /// The fenced Swift code among the lines, also in documentation comments, without its indentation.
  private func snippets(in lines: [String]) -> [String] {
    var snippets: [String] = []
    var open: [Substring]?
    for line in lines {
      let text = line.trimmingPrefix(/\/\/\/ */)
      if text == "```swift" {
        open = []
      } else if let code = open, text == "```" {
        // How a package declares that it depends on this one is not code of this one; nor is what others write.
        let isOthers = code.first.map { Self.others.contains(String($0)) } ?? false
        if !isOthers, !code.contains(where: { $0.hasPrefix(".package(") }) {
          snippets.append(code.joined(separator: "\n"))
        }
        open = nil
      } else if !text.isEmpty {
        open?.append(text)
      }
    }
    return snippets
  }
}
