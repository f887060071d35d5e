// One answer made of several.
import FlowProviders
import FlowTesting
import Flows
import HTTPTestKit
import Testing

@Suite struct EnsembleTests {
  let time = VirtualTime()

  private func says(_ name: String, _ text: String) -> ScriptedProvider {
    ScriptedProvider(name, .answer(text, usage: Usage(inputTokens: 1, outputTokens: 2, totalTokens: 3)))
  }

  @Test func `by majority, whatever the spelling; usage is that of all`() {
    let group = ProviderGroup(says("a", "No."), says("b", "Yes"), says("c", "yes!"))
    let seen = group.ensemble(.majority()).asked(in: time)
    time.run()
    #expect(seen.text == "Yes" && seen.isFinished)
    #expect(seen.response.usage?.totalTokens == 9)
  }

  @Test func `by a judge`() {
    let judge = says("judge", "Answer 2.")
    let group = ProviderGroup(says("a", "one"), says("b", "two"))
    let seen = group.ensemble(.judge(judge, model: "j")).asked(in: time)
    time.run()
    #expect(seen.text == "two")
    #expect(seen.response.usage?.totalTokens == 9)
    #expect(judge.log.requests.first?.model == "j")
    #expect(judge.log.requests.first?.messages.last?.text.contains("1\none\n\n2\ntwo") == true)
    let mute = group.ensemble(.judge(says("judge", "I like both"), model: "j")).asked(in: time)
    time.run()
    #expect(mute.text == "one")
    #expect(mute.warnings(.provider).count == 1)
  }

  @Test func `by a function`() {
    let rule = EnsembleRule.custom { answers in
      ChatResponse(text: answers.map { (try? $0.get().text) ?? "-" }.joined(separator: "|"))
    }
    let group = ProviderGroup(says("a", "one"), ScriptedProvider("b", [.fail(.down)]), says("c", "three"))
    let seen = group.ensemble(rule).asked(in: time)
    time.run()
    #expect(seen.text == "one|-|three")
  }

  @Test func `the events of its members come tagged, before the answer`() throws {
    let group = ProviderGroup(says("a", "x"), says("b", "x"))
    let seen = group.ensemble(.majority()).events(Chat.request).record(in: time)
    time.run()
    let first = try #require(seen.elements.firstIndex { if case .answer = $0 { true } else { false } })
    let members = seen.elements[..<first].compactMap {
      if case .member(let event) = $0 { event } else { nil }
    }
    #expect(Set(members.map(\.provider)) == ["a", "b"])
    #expect(members.filter { $0.event == .finished(Finish(.stop)) }.count == 2)
    #expect(seen.elements[first...].allSatisfy { if case .answer = $0 { true } else { false } })
  }

  @Test func `too few are a failure`() {
    let group = ProviderGroup(says("a", "x"), ScriptedProvider("b", [.fail(.down)]))
    let seen = group.ensemble(.majority(), quorum: 2).asked(in: time)
    time.run()
    #expect(seen.failure?.kind == .overloaded)
  }

  @Test func `left in the middle, nobody goes on`() {
    let slow = ScriptedProvider("a", .answer("a", every: .seconds(1)))
    let seen = ProviderGroup(slow, slow).ensemble(.majority()).asked(in: time)
    #expect(slow.log.active == 2)
    seen.cancel()
    #expect(slow.log.active == 0)
    #expect(time.pendingTimers == 0)
  }
}
