// Elements as long as a condition holds.
import FlowTesting
import Flows
import Testing

@Suite struct PrefixWhileTests {
  @Test func `ends with the first element that does not satisfy the condition`() throws {
    try marbles(
      """
      source              -1-2-(3!)
      prefix { below 3 }  -1-2-|
      """
    ) { $0.ints("source").prefix { $0 < 3 } }
  }

  @Test func `asks for one at a time`() throws {
    try marbles(
      """
      source              -1-2-(3!)
      prefix { below 3 }  -1-2-|
      asked source        11-1
      """
    ) { $0.ints("source").prefix { $0 < 3 } }
  }

  @Test func `delivers that element too when it is inclusive`() throws {
    try marbles(
      """
      source              -1-2-(3!)
      prefix { below 3 }  -1-2-(3|)
      """
    ) { $0.ints("source").prefix(while: { $0 < 3 }, inclusive: true) }
  }

  @Test func `has nothing computed behind the end`() async throws {
    let computed = Box(0)
    let sum = try await Flow.from(1...).map { number in
      computed.value += 1
      return number
    }.prefix { $0 < 10 }.reduce(0, +)
    #expect(sum == 45)
    #expect(computed.value == 10)
  }

  @Test func `asks for nothing that was not asked for`() throws {
    try marbles(
      """
      source              -12-----(3!)
      prefix { below 3 }  -1---2--|
      demand              1----1-1
      asked source        1----1-1
      """
    ) { $0.ints("source").prefix { $0 < 3 } }
  }

  @Test func `passes on the end of its source`() throws {
    try marbles(
      """
      source        -1-2|
      prefix { 9 }  -1-2|
      """
    ) { $0.ints("source").prefix { $0 < 9 } }
    try marbles(
      """
      source        -1-2#
      prefix { 9 }  -1-2#
      """
    ) { $0.ints("source").prefix { $0 < 9 } }
  }

  @Test func `completes although the source fails with the element that ends it`() throws {
    try marbles(
      """
      source        -1-(9#)
      prefix { 9 }  -1-|
      """
    ) { $0.ints("source").prefix { $0 < 9 } }
  }

  @Test func `fails when the condition throws`() throws {
    try marbles(
      """
      source            -1-(2!)
      prefix { throws } -1-#
      """
    ) { $0.ints("source").prefix { if $0 == 2 { throw MarbleError() } else { true } } }
  }
}
