// Threads that write, and readers that leave at any moment.
import FlowProviders
import Flows
import HTTPTestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct BlockingStressTests {
  @Test func `readers that leave at any moment end their answers, and no others`() async throws {
    let (begun, ended) = (Watched(0), Watched(0))
    let provider = BlockingProvider(name: "test", threads: 4, queue: 1000) { request, answer in
      begun.change { $0 += 1 }
      defer { ended.change { $0 += 1 } }
      for number in 0..<50 { try answer.write("\(number) ") }
    }
    let whole = (0..<50).map { "\($0) " }.joined()
    let read = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<400 {
        group.addTask {
          let flow = provider.stream(ChatRequest(model: "m", prompt: "\(number)"))
          let limit = number % 4 == 0 ? Int.max : number % 60
          var count = 0
          var text = ""
          for try await event in flow.values {
            text += event.text ?? ""
            count += 1
            if count >= limit { break }
          }
          #expect(whole.hasPrefix(text))
          #expect(limit < .max || text == whole)
          return text == whole ? 1 : 0
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(read >= 100)
    // Those that had begun have all been told.
    let count = begun.value
    try await ended.until { $0 >= count }
  }
}
