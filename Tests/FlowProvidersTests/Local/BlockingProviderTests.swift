// A model that blocks has threads of its own.
import FlowProviders
import Flows
import HTTPTestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct BlockingProviderTests {
  private let request = ChatRequest(model: "m", prompt: "hello")

  @Test func `what is written is the answer, in a sequence that keeps the grammar`() async throws {
    let provider = BlockingProvider(name: "test") { request, answer in
      answer.identify(id: "1", model: request.model)
      try answer.writeReasoning("hm")
      try answer.write("Hel")
      try answer.write("lo")
      answer.report(Usage(inputTokens: 1, outputTokens: 2))
      answer.finish(Finish(.length))
    }
    let events = try await provider.stream(request).validated(.strict).collect()
    let response = ChatResponse(events)
    #expect(response.text == "Hello")
    #expect(response.reasoning == "hm")
    #expect(response.usage?.totalTokens == 3)
    #expect(response.finish?.reason == .length)
    #expect(response.id == "1")
    #expect(events.compactMap(\.text) == ["Hel", "lo"])
  }

  @Test func `calls of tools end an answer in calls`() async throws {
    let provider = BlockingProvider(name: "test") { _, answer in
      try answer.write("Let me see.")
      try answer.call(ToolCall(id: "1", name: "look", arguments: #"{"at":"it"}"#))
    }
    let response = ChatResponse(try await provider.stream(request).validated(.strict).collect())
    #expect(response.toolCalls.map(\.arguments) == [#"{"at":"it"}"#])
    #expect(response.finish?.reason == .toolCalls)
  }

  @Test func `a write waits until the next is asked for`() async throws {
    let written = Watched(0)
    let provider = BlockingProvider(name: "test") { _, answer in
      for number in 1...100 {
        written.change { $0 = number }
        try answer.write("\(number) ")
      }
    }
    let witness = provider.stream(request).witness(demand: 3)
    try await witness.elements(3)
    // started, roundStarted, textStarted: the first text is not asked for.
    #expect(written.value == 1)
    witness.request(1)
    try await witness.elements(4)
    #expect(written.value == 1)
    witness.request(1)
    try await witness.elements(5)
    #expect(written.value == 2)
    witness.request(.max)
    #expect(try await witness.end().isFinished)
  }

  @Test func `a consumer that leaves is seen at the next write, or when the function asks`() async throws {
    let ends = Watched<[String]>([])
    let hasLeft = Gate()
    let provider = BlockingProvider(name: "test", threads: 2) { request, answer in
      if request.model == "asks" {
        try answer.write("a")
        hasLeft.wait()
        ends.change { $0.append(answer.isCancelled ? "asked" : "missed") }
      } else {
        do { while true { try answer.write("a") } } catch { ends.change { $0.append("\(type(of: error))") } }
      }
    }
    for model in ["writes", "asks"] {
      let witness = provider.stream(ChatRequest(model: model, prompt: "")).witness(demand: 5)
      try await witness.elements(model == "asks" ? 4 : 5)
      witness.cancel()
      if model == "asks" { hasLeft.open() }
      let count = model == "asks" ? 2 : 1
      try await ends.until { $0.count == count }
    }
    #expect(ends.value == ["CancellationError", "asked"])
  }

  @Test func `an error comes after what was written, with what that was`() async throws {
    struct OutOfPaper: Error {}
    let provider = BlockingProvider(name: "test") { request, answer in
      try answer.write("Hel")
      if request.model == "own" { throw ProviderError(.contextTooLong, "too long") }
      throw OutOfPaper()
    }
    for (model, kind) in [("m", ProviderError.Kind.other), ("own", .contextTooLong)] {
      let seen = try await provider.stream(ChatRequest(model: model, prompt: "")).witness().end()
      let error = try #require(seen.failure(ProviderError.self))
      #expect(error.kind == kind)
      #expect(error.emitted.text == 3)
      #expect(error.emitted.events == seen.elements.count)
      #expect(ChatResponse(seen.elements).text == "Hel")
    }
  }

  @Test
  func
    `as many are answered at a time as there are threads, the queue is bounded, and who leaves it never begins`()
    async throws
  {
    let begun = Watched<[String]>([])
    let gate = Gate()
    let provider = BlockingProvider(name: "test", threads: 2, queue: 3) { request, answer in
      begun.change { $0.append(request.model) }
      gate.wait()
      try answer.write("done")
    }
    let witnesses = (0..<5).map { provider.stream(ChatRequest(model: "\($0)", prompt: "")).witness() }
    try await begun.until { $0.count == 2 }
    let refused = try await provider.stream(request).witness().end()
    #expect(refused.failure(ProviderError.self)?.kind == .overloaded)
    witnesses[3].cancel()
    let late = provider.stream(ChatRequest(model: "late", prompt: "")).witness()
    gate.open()
    for (number, witness) in (witnesses + [late]).enumerated() where number != 3 {
      #expect(try await witness.end().isFinished)
    }
    #expect(begun.value.sorted() == ["0", "1", "2", "4", "late"])
  }

  @Test func `never runs on the threads that tasks share`() async throws {
    let isInTask = Watched<Bool?>(nil)
    let provider = BlockingProvider(name: "test") { _, answer in
      isInTask.change { $0 = withUnsafeCurrentTask { $0 != nil } }
      try answer.write("x")
    }
    _ = try await provider.complete(request)
    #expect(isInTask.value == false)
  }

  @Test func `threads end when the provider is let go`() async throws {
    final class Note: Sendable {
      let ended: Watched<Int>
      init(_ ended: Watched<Int>) { self.ended = ended }
      deinit { ended.change { $0 += 1 } }
    }
    let (begun, ended) = (Watched(0), Watched(0))
    let gate = Gate()
    var provider: BlockingProvider? = BlockingProvider(name: "test", threads: 4) { _, answer in
      begun.change { $0 += 1 }
      ThreadEnd.hold(Note(ended))
      gate.wait()
      try answer.write("x")
    }
    let witnesses = try (0..<4).map { _ in try #require(provider).stream(request).witness() }
    try await begun.until { $0 == 4 }
    gate.open()
    for witness in witnesses { try await witness.end() }
    #expect(try await provider?.complete(request).text == "x")
    provider = nil
    try await ended.until { $0 >= 4 }
  }

  @Test func `a function that answers at once is a provider too`() async throws {
    let provider = SingleAnswerProvider(name: "echo") { request in
      if request.model == "none" { throw ProviderError(.modelNotFound, "none") }
      return ChatResponse(text: request.messages[0].text, model: request.model)
    }
    let events = try await provider.stream(request).validated(.strict).collect()
    #expect(ChatResponse(events).text == "hello")
    #expect(events.last == .finished(Finish(.stop)))
    await #expect { try await provider.complete(ChatRequest(model: "none")) } throws: {
      ($0 as? ProviderError)?.kind == .modelNotFound
    }
    #expect(try await provider.capabilities(of: "m").supports(.streaming) == false)
  }
}
