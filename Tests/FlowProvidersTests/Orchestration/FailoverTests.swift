// The next provider when one has failed, from the beginning or where it broke off.
import FlowProviders
import FlowTesting
import Flows
import HTTPTestKit
import Testing

@Suite struct FailoverTests {
  let time = VirtualTime()
  private let place = [Step].place

  @Test func `fallback asks in order, and says who was asked in vain`() throws {
    let (a, b) = (ScriptedProvider("a", .broken()), ScriptedProvider("b", [.fail(.down)]))
    let c = ScriptedProvider("c", .answer("c"))
    let seen = ProviderGroup(a, b, c).fallback().asked(in: time)
    time.run()
    #expect(seen.text == "c" && seen.isFinished)
    #expect(seen.warnings(.fellBack).map { $0.message.prefix(1) } == ["a", "b"])
    let none = ProviderGroup(a, b).fallback().asked(in: time)
    time.run()
    #expect(none.failure?.attempts.map(\.provider) == ["a", "b"])
  }

  @Test func `fallback keeps what was said, and passes on what the request itself is to blame for`() {
    let said = ScriptedProvider("a", .broken("a"))
    let wrong = ScriptedProvider("a", [.fail(ProviderError(.invalidRequest, "no"))])
    let other = ScriptedProvider("b", .answer("b"))
    for provider in [said, wrong] {
      let seen = ProviderGroup(provider, other).fallback().asked(in: time)
      time.run()
      #expect(seen.failure != nil)
    }
    #expect(other.log.requests.isEmpty)
  }

  @Test func `a provider that stalls after 37 tokens: another goes on, and the seam is marked`() throws {
    let words = (0..<60).map { "w\($0) " }
    let first = ScriptedProvider(
      "first", .row(.started(), .tokens(words[..<37], every: .milliseconds(20)), [.hang]))
    // It says the last five words again.
    let second = ScriptedProvider(
      "second",
      .row(.started("n"), .tokens(words[32...], every: .milliseconds(20)), .ended()))
    let limits = ProviderLimits(betweenTokens: .seconds(2))
    let seen = ProviderGroup(first.with(limits), second).failover().asked(in: time)
    time.run()
    #expect(seen.text == words.joined())
    #expect(seen.isFinished)
    #expect(first.log.cancellations == [.at(.milliseconds(2740))])
    #expect(second.log.requests.first?.messages.last == .assistant(words[..<37].joined()))
    let seam = try #require(seen.warnings(.seam).first)
    #expect(seam.message.contains("second goes on"))
    let index = try #require(seen.elements.firstIndex(of: .warning(seam)))
    #expect(ChatResponse(seen.elements[..<index]).text == words[..<37].joined())
    #expect(seen.elements.filter { if case .started = $0 { true } else { false } }.count == 1)
    #expect(seen.response.choices[0].blocks.count == 1)
    #expect(time.pendingTimers == 0)
  }

  @Test func `usage is added up`() {
    let used = ChatEvent.usage(Usage(inputTokens: 10, outputTokens: 3, totalTokens: 13))
    let first = ScriptedProvider("a", .row(.started(), .tokens("a"), [.say(used), .fail(.down)]))
    let second = ScriptedProvider(
      "b", .answer("b", usage: Usage(inputTokens: 11, outputTokens: 4, totalTokens: 15)))
    let seen = ProviderGroup(first, second).failover().asked(in: time)
    time.run()
    #expect(seen.response.usage == Usage(inputTokens: 21, outputTokens: 7, totalTokens: 28))
  }

  @Test func `a tool call that was half said is said again, once`() throws {
    let start = ChatEvent.ToolCallStart(id: "1", name: "find")
    let at = ChatEvent.Place(block: 1)
    let half: [Step] = [
      .say(.toolCallStarted(start, at)), .say(.toolArgumentsDelta(#"{"q":"#, id: "1", at)),
    ]
    let call = ToolCall(id: "2", name: "find", arguments: #"{"q":1}"#)
    let whole: [Step] = [
      .say(.toolCallStarted(.init(id: "2", name: "find"), place)),
      .say(.toolArgumentsDelta(#"{"q":1}"#, id: "2", place)), .say(.toolCall(call, place)),
      .say(.roundEnded(0, Finish(.toolCalls))), .say(.finished(Finish(.toolCalls))),
    ]
    let first = ScriptedProvider("a", .row(.started(), .tokens("Let me see."), half, [.fail(.down)]))
    let second = ScriptedProvider("b", .row([.say(.started(.init())), .say(.roundStarted(0))], whole))
    let seen = ProviderGroup(first, second).failover().asked(in: time)
    time.run()
    #expect(seen.isFinished)
    #expect(seen.text == "Let me see.")
    #expect(seen.response.toolCalls == [call])
    #expect(seen.elements.filter { if case .toolCallStarted = $0 { true } else { false } }.count == 1)
    // With nothing but half a call said, the next begins from the beginning.
    let silent = ScriptedProvider(
      "a", .row([.say(.started(.init())), .say(.roundStarted(0))], half, [.fail(.down)]))
    let again = ProviderGroup(silent, second).failover().asked(in: time)
    time.run()
    #expect(again.isFinished)
    #expect(again.response.toolCalls == [call])
    #expect(second.log.requests.last == Chat.request)
  }

  @Test func `a call that was whole comes before the failure of the last`() {
    let call = ToolCall(id: "1", name: "find")
    let said: [Step] = [
      .say(.started(.init())), .say(.roundStarted(0)),
      .say(.toolCallStarted(.init(id: "1", name: "find"), place)), .say(.toolCall(call, place)), .fail(.down),
    ]
    let seen = ProviderGroup(ScriptedProvider("a", said)).failover().asked(in: time)
    time.run()
    #expect(seen.failure?.kind == .overloaded)
    #expect(seen.response.toolCalls == [call])
  }

  @Test func `thoughts are closed at the seam, and thought anew`() {
    let thinking: [Step] = [
      .say(.started(.init())), .say(.roundStarted(0)), .say(.reasoningStarted(place)),
      .say(.reasoningDelta("hm", place)),
    ]
    let text = ChatEvent.Place(block: 1)
    let answer: [Step] = [
      .say(.reasoningEnded(place)), .say(.textStarted(text)), .say(.textDelta("a", text)),
      .say(.textEnded(text)), .say(.roundEnded(0, Finish(.stop))), .say(.finished(Finish(.stop))),
    ]
    let seen = ProviderGroup(
      ScriptedProvider("a", .row(thinking, [.fail(.down)])), ScriptedProvider("b", .row(thinking, answer))
    ).failover().asked(in: time)
    time.run()
    #expect(seen.isFinished)
    #expect(seen.text == "a")
    #expect(seen.response.choices[0].blocks.map(\.number) == [0, 1, 2])
  }

  @Test func `three in a row go on, whatever they repeat`() {
    let seen = ProviderGroup(
      ScriptedProvider("a", .broken("The sky ")),
      ScriptedProvider("b", .broken("The", " sky is")),
      ScriptedProvider("c", .answer("The sky is blue"))
    ).failover().asked(in: time)
    time.run()
    #expect(seen.text == "The sky is blue")
    #expect(seen.isFinished)
    #expect(seen.warnings(.seam).count == 2)
  }

  @Test func `a refusal, and several answers side by side, are not gone on with`() {
    let refusal = ScriptedProvider(
      "a",
      [.say(.started(.init())), .say(.roundStarted(0)), .say(.refusalDelta("I will", place)), .fail(.down)])
    let other = ScriptedProvider("b", .answer("b"))
    let seen = ProviderGroup(refusal, other).failover().asked(in: time)
    let said = ScriptedProvider("a", .broken("a"))
    let several = ProviderGroup(said, other).failover().asked(Chat.request.with(\.choices, 2), in: time)
    time.run()
    #expect(seen.failure != nil && several.failure != nil)
    #expect(other.log.requests.isEmpty)
  }

  @Test func `broken off at every event, the answer is the same`() {
    let words = ["One ", "two ", "three ", "four ", "five "]
    let whole = [Step].row(.started(), .tokens(words), .ended())
    for place in 0..<whole.count {
      for repeated in 0..<words.count {
        let first = ScriptedProvider("a", .row(Array(whole[..<place]), [.fail(.down)]))
        let said = max(0, min(place - 3, words.count))
        // The next begins anywhere in what was said.
        let rest = words[min(repeated, said)...]
        let second = ScriptedProvider("b", .row(.started(), .tokens(rest), .ended()))
        let time = VirtualTime()
        let seen = ProviderGroup(first, second).failover().asked(in: time)
        time.run()
        #expect(seen.isFinished)
        let overlap = words[..<said].joined().utf8.count - words[..<min(repeated, said)].joined().utf8.count
        // What is shorter than a word or two may be chance.
        if said == 0 || repeated >= said || overlap >= 8 || repeated == 0 {
          #expect(seen.text == words.joined())
        }
      }
    }
  }

  @Test func `cancelled anywhere, nothing is left`() {
    for instant in stride(from: 0, through: 200, by: 10) {
      let time = VirtualTime()
      let first = ScriptedProvider(
        "a", .broken("a", "b", every: .milliseconds(30)))
      let second = ScriptedProvider(
        "b", .row(.started(), .tokens("c", "d", every: .milliseconds(40)), [.hang]))
      let live = LiveCount()
      let seen = ProviderGroup(first, second).failover().stream(Chat.request)
        .map { [token = live.token()] in
          _ = token; return $0
        }.record(in: time)
      time.advance(by: .milliseconds(instant))
      seen.cancel()
      #expect(first.log.active + second.log.active == 0)
      #expect(time.pendingTimers == 0)
    }
  }

  @Test func `asks for no more than it is asked for`() {
    let first = ScriptedProvider("a", .broken("a"))
    let second = ScriptedProvider("b", .answer("b"))
    let seen = ProviderGroup(first, second).failover().asked(in: time, demand: 1)
    for count in 1...20 {
      time.run()
      if seen.isFinished { break }
      #expect(seen.elements.count == count)
      seen.request(1)
    }
    #expect(seen.text == "ab" && seen.isFinished)
  }
}
