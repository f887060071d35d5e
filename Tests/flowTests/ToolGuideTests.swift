// The guide says what the tool does.
import FlowProviders
import Foundation
import Testing

@testable import flow

@Suite struct ToolGuideTests {
  private let lines: [String]

  init() throws {
    let root = (0..<3).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    let text = try String(contentsOf: root.appending(path: "docs/guides/flow.md"), encoding: .utf8)
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test func `names every command with its summary, in the order of the help`() {
    let shown = lines.filter { $0.hasPrefix("    flow ") }
    #expect(shown.count == commands.count)
    for (line, command) in zip(shown, commands) {
      #expect(line.hasPrefix("    flow \(command.name) "))
      #expect(line.contains(command.summary))
    }
  }

  @Test(arguments: KnownProvider.all.map(\.name))
  func `tells the variables of every provider`(name: String) throws {
    let known = try #require(KnownProvider(named: name))
    let row = try #require(lines.first { $0.hasPrefix("| `") && $0.contains("`\(name)`") })
    let named = Set(row.split(separator: "`").map(String.init).filter { $0.contains("_") })
    let read = known.keyVariables + known.addressVariables + known.otherVariables + [known.modelVariable]
    #expect(named == Set(read))
  }
}
