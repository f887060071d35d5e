// What real servers said, through the whole way from the transport to the response.
import FlowHTTP
import FlowTesting
import Flows
import Testing

@testable import FlowProviders

@Suite struct OwnRecordingTests {
  /// What somebody who looks at the file sees.
  struct Expected {
    var text = ""
    /// The arguments without space.
    var calls: [String] = []
    var finish: FinishReason
    var raw: String
    var input: Int?
    var output: Int?
    var warnings: [Warning.Kind] = []
  }

  @Test func `all of them are there, and hold no key`() {
    let known = OwnRecordingTests.expected.keys.sorted() + OwnRecordingTests.refusals.keys.sorted()
    #expect(OwnRecording.all.map(\.name).sorted() == known.sorted())
    for own in OwnRecording.all {
      #expect(own.recording.exchanges.count == 1)
      #expect(!String(own.recording.text).contains("canary"))
    }
  }

  @Test(arguments: OwnRecording.all.filter(\.isRefusal))
  func `a refusal is an error of its kind, in the server's words`(own: OwnRecording) throws {
    let (kind, words) = try #require(OwnRecordingTests.refusals[own.name])
    let time = VirtualTime()
    let seen = try answer(own).record(in: time)
    time.run()
    let error = try seen.expectFailure(ProviderError.self)
    #expect(error.kind == kind)
    #expect(error.message == words)
    #expect(error.status == 400)
    #expect(error.requestID != nil || !own.name.hasPrefix("transformers"))
    #expect(error.emitted.isNothing)
  }

  @Test(arguments: OwnRecording.all.filter { !$0.isRefusal })
  func `the provider that spoke then reads the same today`(own: OwnRecording) throws {
    let expected = try #require(OwnRecordingTests.expected[own.name])
    let time = VirtualTime()
    let seen = try answer(own).record(in: time)
    time.run()
    guard case .finished? = seen.end else {
      Issue.record("\(own.name) ended with \(seen.end as Any)")
      return
    }
    let response = ChatResponse(seen.elements)
    #expect(response.text == expected.text)
    #expect(response.toolCalls.map { $0.arguments.filter { !$0.isWhitespace } } == expected.calls)
    #expect(response.toolCalls.allSatisfy { $0.name == "weather" })
    #expect(response.finish?.reason == expected.finish)
    #expect(response.finish?.raw == expected.raw)
    #expect(response.usage?.inputTokens == expected.input)
    #expect(response.usage?.outputTokens == expected.output)
    #expect(response.warnings.map(\.kind) == expected.warnings)
    #expect(response.model?.hasPrefix("tiny") ?? true)
  }

  private func answer(_ own: OwnRecording) throws -> Flow<ChatEvent> {
    let known = try #require(KnownProvider(named: own.provider))
    let environment = ProviderEnvironment([known.addressVariables[0]: "http://127.0.0.1"])
    let format = try #require(environment.provider(named: own.provider)?.format(for: "tiny"))
    let transport = ReplayTransport(own.recording, timing: .recorded, matching: .order)
    return HTTPProvider(format, over: transport).stream(ChatRequest(model: "tiny", prompt: "Again."))
  }

  private static let noModel =
    "Invalid model name passed in model=nobody. Call `/v1/models` to view available models for your key."

  private static let refusals: [String: (ProviderError.Kind, String)] = [
    "litellm-gemini-refusal": (.modelNotFound, "agenerate_content_stream: " + noModel),
    "litellm-messages-refusal": (.modelNotFound, "anthropic_messages: " + noModel),
    "transformers-chat-refusal": (.invalidRequest, "Server is pinned to 'tiny'; requested 'nobody'."),
    "transformers-responses-refusal": (.invalidRequest, "Server is pinned to 'tiny'; requested 'nobody'."),
  ]

  private static let expected: [String: Expected] = [
    "litellm-gemini-text": Expected(
      text: "@< sai mairrsa-limforg la kofosr toole folo bor mi}go[F bi pevaililo diju filiga rai",
      finish: .length, raw: "MAX_TOKENS", input: 0, output: 0),
    "litellm-gemini-tools": Expected(
      text: "du", calls: [#"{"city":"Rome","unit":"C"}"#], finish: .toolCalls, raw: "STOP", input: 0,
      output: 0),
    "litellm-messages-text": Expected(
      text: "F$ raikaimorLme pe@< saiju so nogtelo dijuK~mo~ mope kako pelid fomo pevailimi mai",
      finish: .length, raw: "max_tokens", input: 1, output: 40),
    "litellm-messages-tools": Expected(
      text: "@<bormuse ki ni nog nu de",
      calls: [#"{"city":"Rome","unit":"F"}"#, #"{"city":"Rome","unit":"C"}"#], finish: .toolCalls,
      raw: "tool_use", input: 210, output: 186),
    "llama-chat-schema": Expected(
      text: "{\n  \"city\": \"Rome\", \"warm\" :false }", finish: .stop, raw: "stop", input: 39, output: 35),
    "llama-chat-text": Expected(
      text: "@< pe@<0 mo fudapi@<tiIma faitemo pevaililo dijusera pe dijuse raBUditiIdor mo", finish: .length,
      raw: "length", input: 39, output: 40),
    "llama-chat-tools": Expected(
      text: "5 de", calls: [#"{"city":"Rome","unit":"C"}"#, #"{"city":"Rome","unit":"C"}"#],
      finish: .toolCalls, raw: "tool_calls", input: 565, output: 188),
    "llama-messages-text": Expected(
      text: "@<tiI@<lilo dijuse toolera pe dijuse pe fomo~moUdido(!ba sordUme peUti4", finish: .length,
      raw: "max_tokens", input: 1, output: 40),
    "llama-messages-tools": Expected(
      text: "gi ni nog", calls: [#"{"city":"Rome","unit":"C"}"#, #"{"city":"Oslo","unit":"F"}"#],
      finish: .toolCalls, raw: "tool_use", input: 1, output: 166),
    "llama-responses-text": Expected(
      text: "@<0vakera pe foK4 pe forBYlo di8@<z8modulilo di8@< vemu korsai meda~lo dijto", finish: .stop,
      raw: "completed", input: 39, output: 40),
    "llama-responses-tools": Expected(
      text: "5 nog nai+日 be, ra bogioJmuse ki zo pevaili]vamai dor8 do be, sorgu- peUgkai pe mo9te du",
      calls: [
        #"{"city":"Rome","unit":"C"}"#, #"{"city":"Rome","unit":"F"}"#, #"{"city":"Oslo","unit":"F"}"#,
        #"{"city":"Rome","unit":"F"}"#, "{",
      ], finish: .toolCalls, raw: "completed", input: 565, output: 400),
    "transformers-chat-text": Expected(
      text:
        "fordropmemory\n\n   Reder�FinTime's whatrySuME by iOSsamen hTrlimodro `|` behindesthixdes whatP texthm 1haact thedrocatict",
      finish: .length, raw: "length", input: 25, output: 40, warnings: [.missingEndMark]),
    "transformers-responses-text": Expected(
      text:
        "fordropmemory\n\n   Reder�FinTime's whatrySuME by iOSsamen hTrlimodro `|` behindesthixdes whatP texthm 1haact thedrocatict",
      finish: .stop, raw: "completed", input: 25, output: 40),
  ]
}
