// What things cost.
import FlowProviders
import Testing

@Suite struct PriceTests {
  private let price = TokenPrice(input: 3, output: 15, cachedInput: 0.3, cacheWrite: 3.75, reasoning: 20)

  @Test func `every part of an answer has its price`() {
    var usage = Usage(inputTokens: 1000, outputTokens: 100)
    #expect(price.cost(of: usage) == Money(dollars: 0.0045))
    usage.cachedInputTokens = 400
    usage.reasoningTokens = 50
    // 600 x 3 + 400 x 0.3 + 50 x 15 + 50 x 20, for a million
    #expect(price.cost(of: usage) == Money(dollars: 0.00367))
    usage.cache = .separate
    usage.cacheWriteTokens = 100
    usage.reasoning = .separate
    // 1000 x 3 + 400 x 0.3 + 100 x 3.75 + 100 x 15 + 50 x 20
    #expect(price.cost(of: usage) == Money(dollars: 0.005995))
  }

  @Test func `nonsense costs nothing or all, and traps nothing`() {
    #expect(price.cost(of: Usage()) == .zero)
    #expect(price.cost(of: Usage(inputTokens: -5, outputTokens: .min)) == .zero)
    #expect(price.cost(of: Usage(inputTokens: .max, outputTokens: .max)).nanos > 0)
    #expect(
      TokenPrice(input: .infinity, output: .nan).cost(of: Usage(inputTokens: 1, outputTokens: 1)).nanos > 0)
    #expect(TokenPrice.free.cost(of: Usage(inputTokens: .max, outputTokens: 1)) == .zero)
    // A token is never free where tokens are not.
    #expect(TokenPrice(input: 0.000001, output: 0).cost(input: 1, output: 0) == Money(nanos: 1))
  }

  @Test func `amounts are shown with the digits that they have`() {
    #expect("\(Money(dollars: 1.5))" == "$1.50")
    #expect("\(Money(nanos: 401))" == "$0.000000401")
    #expect("\(Money(dollars: -2))" == "-$2.00")
    #expect("\(Money(nanos: .min))".hasPrefix("-$9223372036.85"))
    #expect(Money(nanos: .max) + Money(nanos: 1) == Money(nanos: .max))
    #expect(Money(dollars: .nan) == .zero)
  }

  @Test func `a table is read, and what names more counts`() throws {
    let table = try PriceTable(
      json: #"{"openai/gpt-4o":{"input":2.5,"output":10},"gpt-4o":{"input":1},"openai/*":{"input":9},"*":{}}"#
    )
    #expect(table["openai", "gpt-4o"] == TokenPrice(input: 2.5, output: 10))
    #expect(table["azure", "gpt-4o"] == TokenPrice(input: 1, output: 0))
    #expect(table["openai", "gpt-5"] == TokenPrice(input: 9, output: 0))
    #expect(table["ollama", "llama3"] == .free)
    #expect(PriceTable()["a", "b"] == nil)
  }

  @Test(arguments: ["", "[]", #"{"a":3}"#, #"{"a":{"input":"3"}}"#, #"{"a":{"output":-1}}"#])
  func `what is no table is refused`(text: String) {
    #expect(throws: (any Error).self) { try PriceTable(json: text) }
  }
}
