// Several providers, asked together; the first of them; a second beside a slow one.
import FlowProviders
import FlowTesting
import Flows
import HTTPTestKit
import Testing

@Suite struct RaceTests {
  let time = VirtualTime()

  private func speaking(_ name: String, after delay: Int, _ more: [Step] = []) -> ScriptedProvider {
    ScriptedProvider(
      name,
      .row(
        [.say(.rateLimits(RateLimits())), .wait(.milliseconds(delay))], .started(), .tokens(name),
        [.wait(.milliseconds(100))], more, .ended()))
  }

  @Test func `all are asked, and one that fails does not end the others`() throws {
    let group = ProviderGroup(
      speaking("a", after: 30), ScriptedProvider("b", [.fail(.down)]), speaking("c", after: 10))
    let seen = group.all(Chat.request).record(in: time)
    time.run()
    #expect(seen.elements.map(\.index) == [1, 2, 0])
    #expect(seen.elements.map(\.provider) == ["b", "c", "a"])
    #expect(seen.elements.map { (try? $0.get())?.text } == [nil, "c", "a"])
  }

  @Test func `the events of all come tagged`() {
    let group = ProviderGroup(speaking("a", after: 30), ScriptedProvider("b", [.fail(.down)]))
    let seen = group.events(Chat.request).record(in: time)
    time.run()
    #expect(seen.elements.filter { $0.provider == "b" }.map(\.event) == [.failed(.down)])
    #expect(ChatResponse(seen.elements.filter { $0.index == 0 }.map(\.event)).text == "a")
  }

  @Test func `by the first token: the losers are let go in the same instant`() {
    let (a, b, c) = (speaking("a", after: 50), speaking("b", after: 20), speaking("c", after: 30))
    let seen = ProviderGroup(a, b, c).race(decidedBy: .firstToken).asked(in: time)
    time.advance(by: .milliseconds(20))
    #expect(seen.text == "b")
    #expect(a.log.cancellations == [.at(.milliseconds(20))])
    #expect(c.log.cancellations == [.at(.milliseconds(20))])
    #expect([a, b, c].map(\.log.active) == [0, 1, 0])
    time.run()
    #expect(seen.text == "b" && seen.isFinished)
    #expect(time.pendingTimers == 0)
  }

  @Test func `by the first that is complete`() {
    let slow = ScriptedProvider("slow", .row(.started(), .tokens("slow"), [.wait(.seconds(5))], .ended()))
    let quick = speaking("quick", after: 200)
    let seen = ProviderGroup(slow, quick).race(decidedBy: .firstComplete).asked(in: time)
    time.run()
    #expect(seen.text == "quick" && seen.isFinished)
    #expect(slow.log.cancellations == [.at(.milliseconds(300))])
  }

  @Test func `by the first that is valid`() {
    let valid = AnswerRace.firstValid { $0.text.count > 3 }
    let seen = ProviderGroup(speaking("abc", after: 1), speaking("abcd", after: 50)).race(decidedBy: valid)
      .asked(in: time)
    time.run()
    #expect(seen.text == "abcd" && seen.isFinished)
    let none = ProviderGroup(speaking("a", after: 1), speaking("b", after: 2)).race(decidedBy: valid).asked(
      in: time)
    time.run()
    #expect(none.failure?.code == "invalid_answer")
  }

  @Test func `one that fails is given up; when all have, the first error stands`() {
    let broken = ScriptedProvider("x", .broken())
    let seen = ProviderGroup(broken, speaking("a", after: 50)).race(decidedBy: .firstToken).asked(in: time)
    time.run()
    #expect(seen.text == "a")
    let other = ScriptedProvider("y", [.wait(.seconds(1)), .fail(ProviderError(.quota, "no"))])
    let none = ProviderGroup(other, broken).race(decidedBy: .firstToken).asked(in: time)
    time.run()
    #expect(none.failure?.kind == .overloaded)
  }

  @Test func `a hedge asks again when no token has come, and lets the slow one go at once`() {
    let slow = speaking("slow", after: 1000)
    let quick = speaking("quick", after: 50)
    let seen = ProviderGroup(slow, quick).hedged(after: .after(.milliseconds(200))).asked(in: time)
    time.run()
    #expect(seen.text == "quick" && seen.isFinished)
    #expect(quick.log.instants == [.at(.milliseconds(200))])
    #expect(slow.log.cancellations == [.at(.milliseconds(250))])
    #expect(time.pendingTimers == 0)
  }

  @Test func `a hedge costs nothing when the first is quick, and its budget holds`() {
    let provider = speaking("p", after: 50)
    provider.hedged(after: .after(.milliseconds(200))).answered(in: time)
    #expect(provider.log.requests.count == 1)
    let slow = speaking("slow", after: 1000)
    let hedged = slow.hedged(after: .after(.milliseconds(10)), budget: HedgeBudget(share: 0, reserve: 5))
    let seen = (0..<100).map { _ in hedged.asked(in: time) }
    time.run()
    #expect(seen.allSatisfy { $0.isFinished })
    #expect(slow.log.requests.count == 105)
  }

  @Test func `a hedge learns how long to wait from the last answers`() {
    let times = FirstTokenTimes(window: 50, least: 20)
    #expect(times.quantile(0.95) == nil)
    let provider = ScriptedProvider("p") { call, _ in
      .row([.wait(.milliseconds(call % 20 == 19 ? 5000 : 100))], .answer("a"))
    }
    let hedged = provider.hedged(
      after: .quantile(0.9, of: times, least: .milliseconds(50), unknown: .seconds(60)))
    for _ in 0..<20 {
      hedged.answered(in: time)
    }
    #expect(times.quantile(0.9) == .milliseconds(100))
    #expect(times.quantile(1) == .seconds(5))
    for _ in 20..<39 {
      hedged.answered(in: time)
    }
    let start = time.now
    let seen = hedged.asked(in: time)
    time.run()
    // The fortieth would take five seconds; after a hundred milliseconds another is asked.
    #expect(seen.isFinished)
    #expect(start.duration(to: time.now) == .milliseconds(200))
  }

  @Test func `cancelled anywhere, nothing is left of a race or a hedge`() {
    for instant in stride(from: 0, through: 240, by: 10) {
      let time = VirtualTime()
      let (a, b) = (speaking("a", after: 50), speaking("b", after: 60, [.hang]))
      let group = ProviderGroup(a, b)
      let seen = [
        group.race(decidedBy: .firstToken), group.race(decidedBy: .firstComplete),
        group.hedged(after: .after(.milliseconds(20))),
      ]
      .map { $0.asked(in: time) }
      let all = group.all(Chat.request).record(in: time)
      time.advance(by: .milliseconds(instant))
      for one in seen { one.cancel() }
      all.cancel()
      #expect(a.log.active + b.log.active == 0)
      #expect(time.pendingTimers == 0)
    }
  }

  @Test func `nobody is asked before the first event is`() {
    let (a, b) = (speaking("a", after: 50), speaking("b", after: 60))
    let seen = ProviderGroup(a, b).hedged(after: .after(.milliseconds(20))).asked(in: time, demand: 0)
    time.run()
    #expect(a.log.cancellations.isEmpty && b.log.requests.isEmpty)
    #expect(seen.elements.isEmpty)
    seen.cancel()
    #expect(a.log.active == 0)
  }
}
