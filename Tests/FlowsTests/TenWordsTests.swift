// One list of words, in one order, wherever it is written down.
import Testing

@Suite struct TenWordsTests {
  let words = House.words
  let house = House()

  @Test func `the source folders are the ten words, the kernel and the documentation`() throws {
    #expect(try house.folders(in: "Sources/Flows") == Set(words + ["Kernel", "Flows.docc"]))
  }

  @Test func `the test folders are the same, and the laws`() throws {
    #expect(try house.folders(in: "Tests/FlowsTests") == Set(words + ["Kernel", "Laws"]))
  }

  @Test func `the laws have a file for each word, and are tried in that order`() throws {
    let files = house.files(in: "Tests/FlowsTests/Laws", ending: "Rows.swift")
    #expect(files == words.sorted().map { "Tests/FlowsTests/Laws/\($0)Rows.swift" })
    let registry = try house.lines(of: "Tests/FlowsTests/Laws/LawsTests.swift").joined()
    #expect(registry.matches(of: /(\w+)Rows\.all/).map { String($0.1) } == words)
  }

  @Test func `the changelog names the ten words in order`() throws {
    let lines = try house.lines(of: "CHANGELOG.md", from: "## [Unreleased]")
    #expect(lines.compactMap { $0.firstMatch(of: /^- (\w+):/).map { String($0.1) } } == words)
  }

  @Test func `the table of the README is the ten words in order`() throws {
    let table = try house.lines(of: "README.md", from: "## The ten words")
    #expect(table.compactMap { $0.firstMatch(of: /^\| \*\*(\w+)\*\* \|/).map { String($0.1) } } == words)
  }

  @Test func `the topics of the documentation are the ten words in order`() throws {
    let topics = try house.lines(of: "Sources/Flows/Flows.docc/Flows.md", from: "## Topics")
    let titles = topics.compactMap { $0.firstMatch(of: /^### (.+)$/).map { String($0.1) } }
    #expect(titles == ["Essentials", "Coming from elsewhere"] + words)
  }

  @Test func `the pages of the playground are the ten words in order`() throws {
    let book = try house.lines(of: "Playgrounds/Flows.playground/contents.xcplayground")
    #expect(book.compactMap { $0.firstMatch(of: /<page name="(.+)"\/>/).map { String($0.1) } } == words)
    let manifest = try house.lines(of: "Playgrounds/Package.swift")
    #expect(manifest.compactMap { $0.firstMatch(of: /^page\("(.+)"\),$/).map { String($0.1) } } == words)
    let pages = try house.folders(in: "Playgrounds/Flows.playground/Pages")
    #expect(pages == Set(words.map { "\($0).xcplaygroundpage" }))
  }
}
