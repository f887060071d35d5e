// `flow route`, as people call it.
import FlowProviders
import HTTPTestKit
import Testing

@testable import flow

@Suite(.timeLimit(.minutes(10))) struct RouteTests {
  @Test func `tells who would answer, and sends nothing`() async throws {
    let server = try FaultServer { _ in }
    let said = try await flow(
      "route", "--explain", "hello", with: ["OPENAI_BASE_URL": server.url + "/v1", "OPENAI_MODEL": "small"])
    #expect(said.status == 0)
    #expect(said.lines.first == "priority: needs nothing in particular, about 6 tokens to read")
    #expect(said.lines.contains("-> openai (small): place: 0"))
    #expect(said.out.contains("x  anthropic (claude-haiku-4-5): unavailable: set ANTHROPIC_API_KEY"))
    #expect(server.log.value.accepted == 0)
  }

  @Test func `what is needed decides, and the decision is JSON as well`() async throws {
    let said = try await flow(
      "route", "--explain", "--json", "--need", "vision", "--providers", "groq,openai,embedded", "hello",
      with: ["OPENAI_API_KEY": "k-123456789", "GROQ_API_KEY": "k-123456789"])
    let decision = try JSONValue(parsing: said.out)
    #expect(said.status == 0)
    #expect(decision["features"] == ["vision"])
    #expect(decision["candidates"]?[2]?["name"] == "embedded")
    #expect(decision["candidates"]?[2]?["reasons"] == ["it has no vision"])
    #expect(!said.out.contains("k-123456789"))
  }

  @Test func `the cheapest, by a table of prices`() async throws {
    let folder = try Folder()
    let file = try folder.write(
      "prices", #"{"openai/*":{"input":2,"output":8},"groq/*":{"input":1,"output":2}}"#)
    let said = try await flow(
      "route", "--explain", "--json", "--strategy", "cheapest", "--prices", file, "--providers",
      "openai,groq",
      "hello", with: ["OPENAI_API_KEY": "k", "GROQ_API_KEY": "k"])
    #expect(try JSONValue(parsing: said.out)["chosen"] == "groq")
    let wrong = try folder.write("wrong", #"{"openai/*":{"input":-2}}"#)
    #expect(try await flow("route", "--explain", "--prices", wrong, "hello").status == 1)
    withExtendedLifetime(folder) {}
  }

  @Test func `nobody is an answer too`() async throws {
    let said = try await flow("route", "--explain", "--providers", "openai", "hello")
    #expect(said.status == 1)
    #expect(said.out.contains("x  openai"))
    #expect(try await flow("route", "hello").status == 2)
    #expect(try await flow("route", "--explain", "--need", "wings", "hello").status == 2)
  }
}
