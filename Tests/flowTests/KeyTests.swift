// A key never appears: not in what is said, not in errors, not in recordings.
import FlowHTTP
import FlowProviders
import HTTPTestKit
import Testing

@testable import flow

@Suite(.timeLimit(.minutes(10))) struct KeyTests {
  private static let key = "sk-canary-a1b2c3d4e5f6"

  /// Servers that tell whatever they were told.
  enum Echo: String, CaseIterable, Sendable {
    case error, page, text, splitText, streamError, header, list

    func answer(_ request: FaultServer.Request, _ connection: Connection) throws {
      let told = request.headers.map { "\($0.name): \($0.value)" }.joined(separator: " ")
      let json: HTTPHeaders = ["Content-Type": "application/json"]
      switch self {
      case .error: try connection.respond(401, json, body: Bytes(#"{"error":{"message":"\#(told)"}}"#))
      case .page:
        try connection.respond(
          502, ["Content-Type": "text/html", "Server": told], body: Bytes("<html><body>\(told)</body></html>")
        )
      case .text: try connection.stream(Chat.piece(told), Chat.end)
      case .splitText:
        try connection.stream(
          Chat.piece(String(told.prefix { $0 != "-" })), Chat.piece(String(told.drop { $0 != "-" })),
          Chat.piece("sk-canary-a1b2"), Chat.piece("c3d4e5f6."), Chat.end)
      case .streamError:
        try connection.stream(Chat.piece("Hi"), Bytes(#"data: {"error":{"message":"\#(told)"}}"# + "\n\n"))
      case .header:
        try connection.respond(
          429, ["Content-Type": "application/json", "Retry-After": "1", "x-request-id": told],
          body: #"{"error":{"message":"slowly"}}"#)
      case .list:
        if request.method == "GET" {
          try connection.respond(200, json, body: Bytes(#"{"data":[{"id":"\#(told)"}]}"#))
        } else {
          try connection.stream(Chat.piece("Hi"), Chat.end)
        }
      }
    }
  }

  @Test(arguments: Echo.allCases)
  func `not even when the server repeats it`(echo: Echo) async throws {
    let folder = try Folder()
    let server = try FaultServer { connection in
      while true { try echo.answer(try connection.readRequest(), connection) }
    }
    let variables = ["OPENAI_API_KEY": KeyTests.key, "OPENAI_BASE_URL": server.url + "/v1"]
    let model = echo == .list ? [] : ["--model", "m"]
    for words in [
      ["ask"] + model + ["hello"], ["record", folder.path("recording")] + model + ["hello"],
      ["batch"] + model,
      ["probe", server.url, "--try", "--key-from", "OPENAI_API_KEY"], ["providers"], ["providers", "--json"],
    ] {
      let said = try await ToolRun(words, variables, input: "hello\n").end()
      #expect(!said.out.contains(KeyTests.key), "\(words): \(said.out)")
      #expect(!said.err.contains(KeyTests.key), "\(words): \(said.err)")
    }
    let said = try await ToolRun(["ask", "--json"] + model + ["hello"], variables).end()
    // Put together, the pieces of the text hold no key either.
    let text = said.out.matches(of: /"textDelta","text":"(.*?)"/).map { String($0.1) }.joined()
    for words in [said.out, said.err, text] { #expect(!words.contains(KeyTests.key), "\(words)") }
    #expect(try !folder.read("recording").contains(KeyTests.key))
    #expect(server.log.value.requests.contains { $0.headers["Authorization"] == "Bearer \(KeyTests.key)" })
  }

  @Test func `a secret in pieces is masked, and what only looks like its beginning comes after all`() {
    var text = MaskedText(KeyMask([Secret("sk-0123456789")]))
    #expect(text.add("the key is sk-01") == "the key is ")
    #expect(text.add("23456789, and s") == "•••, and ")
    #expect(text.add("o on sk-") == "so on ")
    #expect(text.finish() == "sk-")
  }

  @Test func `short secrets are no secrets, and none costs nothing`() {
    #expect(KeyMask([Secret("none")])("none of them") == "none of them")
    #expect(KeyMask([])("anything") == "anything")
    #expect(KeyMask([Secret(#"with"quotes"#)])(#"{"a":"with\"quotes"}"#) == #"{"a":"•••"}"#)
  }
}
