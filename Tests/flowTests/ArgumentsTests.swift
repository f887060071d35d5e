// The words after a command.
import Testing

@testable import flow

@Suite struct ArgumentsTests {
  @Test func `takes options out wherever they stand`() throws {
    var arguments = Arguments(["a", "--chunk", "7", "--json", "--protocol=ollama", "b"])
    let (first, second) = (arguments.flag("--json"), arguments.flag("--json"))
    #expect(first && !second)
    let (chunk, name) = (try arguments.number("--chunk", in: 1...9), try arguments.value("--protocol"))
    #expect(chunk == 7)
    #expect(name == "ollama")
    let rest = arguments.rest()
    #expect(rest == ["a", "b"])
    try arguments.finish()
  }

  @Test func `refuses what nobody took, a value that is missing, and a number out of range`() {
    #expect(throws: Misuse.self) { try Arguments(["--what"]).finish() }
    var missing = Arguments(["--protocol"])
    #expect(throws: Misuse.self) { try missing.value("--protocol") }
    var far = Arguments(["--chunk", "0"])
    #expect(throws: Misuse.self) { try far.number("--chunk", in: 1...9) }
  }

  @Test func `every command is found by its name and tells how it is called`() {
    #expect(Set(commands.map { $0.name }).count == commands.count)
    for command in commands { #expect(command.help.hasPrefix("flow \(command.name)")) }
  }

  @Test func `an unknown command is a misuse`() async {
    #expect(await FlowTool.run(["nothing"]) == .misuse)
    #expect(await FlowTool.run(["decode", "--protocol", "nothing"]) == .misuse)
  }
}
