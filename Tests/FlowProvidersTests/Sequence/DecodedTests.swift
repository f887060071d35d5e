// Bytes into events, as an operator.
import FlowHTTP
import FlowTesting
import Flows
import Testing

@testable import FlowProviders

@Suite struct DecodedTests {
  private let time = VirtualTime()
  private let chunk = #"{"id":"a","choices":[{"index":0,"delta":{"content":"Hi"}}]}"#
  private let end = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#

  private func bytes(_ text: String) -> Bytes { Bytes(text) }

  @Test func `decodes as bytes come, and completes with the terminal`() throws {
    let source = TestFlow<Bytes>()
    let seen = source.flow.decoded(as: .openAIChat).record(in: time)
    source.send(bytes(events(chunk)))
    #expect(seen.elements.last?.text == "Hi")
    source.send(bytes(events(end, "[DONE]", chunk)))
    #expect(seen.isFinished)
    #expect(seen.elements.last?.name == "finished")
    #expect(source.isReleased)
  }

  @Test func `delivers no more events than were asked for, and asks for bytes only when it has none`() {
    let source = TestFlow<Bytes>()
    let seen = source.flow.decoded(as: .openAIChat).record(in: time, demand: 1)
    source.send(bytes(events(chunk)))
    #expect(seen.elements.count == 1)
    let asked = source.asked
    seen.request(2)
    #expect(seen.elements.count == 3)
    #expect(source.asked == asked)
  }

  @Test func `what the provider says went wrong is the failure, after all that came before`() {
    let source = TestFlow<Bytes>()
    let seen = source.flow.decoded(as: .openAIChat).record(in: time)
    source.send(bytes(events(chunk, #"{"error":{"message":"no","code":"server_error"}}"#)))
    #expect(seen.elements.last?.text == "Hi")
    guard case .failed(let error)? = seen.end else {
      Issue.record("it did not fail")
      return
    }
    #expect((error as? ProviderError)?.message == "no")
    #expect((error as? ProviderError)?.emitted.text == 2)
    #expect(source.isReleased)
  }

  @Test func `an end of the bytes too early is truncated`() {
    let seen = Flow.just(bytes(events(chunk))).decoded(as: .openAIChat).record(in: time)
    guard case .failed(let error)? = seen.end else {
      Issue.record("it did not fail")
      return
    }
    #expect((error as? ProviderError)?.kind == .truncated)
  }

  @Test func `a broken connection is a failure of the transport, unless all had come`() throws {
    struct Broken: Error {}
    let cut = Flow.concat([.just(bytes(events(chunk))), .fail(Broken())]).decoded(as: .openAIChat).record(
      in: time)
    guard case .failed(let error)? = cut.end else {
      Issue.record("it did not fail")
      return
    }
    #expect((error as? ProviderError)?.kind == .transport)
    #expect((error as? ProviderError)?.emitted.text == 2)
    let whole = Flow.concat([.just(bytes(events(chunk, end))), .fail(Broken())]).decoded(as: .openAIChat)
      .record(in: time)
    #expect(whole.isFinished)
  }

  @Test func `a broken connection together with the last bytes loses none of them`() {
    struct Broken: Error {}
    let source = TestFlow<Bytes>()
    let seen = source.flow.decoded(as: .openAIChat).record(in: time, demand: 1)
    source.send(bytes(events(chunk, end)))
    source.fail(Broken())
    seen.request(10)
    #expect(seen.isFinished)
    #expect(seen.elements.last?.name == "finished")
    #expect(source.isReleased)
  }

  @Test func `failures can be had as events`() throws {
    let seen = Flow.just(bytes(events(chunk))).decoded(as: .openAIChat).withFailureAsEvent().record(in: time)
    #expect(seen.isFinished)
    #expect(seen.elements.last?.name == "failed")
  }

  @Test func `every run decodes anew`() async throws {
    let flow = Flow.just(bytes(events(chunk, end, "[DONE]"))).decoded(as: .openAIChat)
    let first = try await flow.response()
    let second = try await flow.response()
    #expect(first.text == "Hi")
    #expect(first == second)
  }
}
