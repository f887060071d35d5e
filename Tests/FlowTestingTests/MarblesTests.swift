// Diagrams: what they say, and what is said when something else happens.
import FlowTesting
import Flows
import Testing

@Suite struct MarblesTests {
  /// Passes everything on, and is in nobody's way.
  static func copy<Element>(_ flow: Flow<Element>) -> Flow<Element> { flow.filter { _ in true } }

  /// What somebody is told about a diagram of `copy` that is wrong.
  static func message(_ diagram: String) throws -> String {
    try #require(throws: MarbleMismatch.self) { try marbles(diagram) { copy($0["a"]) } }.description
  }

  // MARK: Grammar

  @Test func `agrees with what happens`() throws {
    try marbles(
      """
      source          -1-2-3-4-|
      filter { even } ---2---4-|
      """
    ) { $0.ints("source").filter { $0 % 2 == 0 } }
  }

  @Test func `counts the width of a group as time behind it`() throws {
    try marbles(
      """
      source     -(ab)-c(d|)
      instant    -(11)-6(7|)
      """
    ) { Self.instants($0["source"]) }
  }

  @Test func `stretches time`() throws {
    try marbles(
      """
      source   a 10ms b 1s c|
      instant  x 10ms y 1s z|
      """,
      results: ["x": 0, "y": 11, "z": 1012]
    ) { Self.instants($0["source"]) }
  }

  @Test func `takes spaces for alignment`() throws {
    try marbles(
      """
      source   - a    -   (b |)
      copy     -a-(b|)
      """
    ) { Self.copy($0["source"]) }
  }

  @Test func `fails where there is a cross`() throws {
    try marbles(
      """
      source   -a-#
      copy     -a-#
      """
    ) { Self.copy($0["source"]) }
  }

  @Test func `takes brackets and a closure into the name`() throws {
    try marbles(
      """
      source                      -1-2|
      map(by: [1, 2]) { $0 + 1 }  -2-3|
      """
    ) { $0.ints("source").map { $0 + 1 } }
  }

  @Test func `takes values and results by letter`() throws {
    try marbles(
      """
      source  -a-b|
      map     -x-y|
      """,
      values: ["a": [1, 2], "b": [3]], results: ["x": 2, "y": 1]
    ) { $0.values("source", as: [Int].self).map(\.count) }
    try marbles(
      """
      source  -a-b|
      map     -2-1|
      """
    ) { $0.values("source", ["a": [1, 2], "b": [3]]).map(\.count) }
  }

  @Test func `lends what the demand row says`() throws {
    try marbles(
      """
      source   -123------4-5-|
      copy     -12--3----4-5-|
      demand   2----1----*
      asked source 2----1----*
      """
    ) { Self.copy($0["source"]) }
  }

  @Test func `subscribes at the hat in the row of the result`() throws {
    try marbles(
      """
      source   -a-b|
      copy     ---^a-b|
      """
    ) { Self.copy($0["source"]) }
  }

  @Test func `cancels at the bang, after all else of the frame`() throws {
    try marbles(
      """
      source   -a-(b!)
      copy     -a-b
      cancel   ---!
      """
    ) { Self.copy($0["source"]) }
    try marbles(
      """
      source   -a-(b!)
      copy     -a-(b!)
      """
    ) { Self.copy($0["source"]) }
  }

  @Test func `asks for nothing when nothing is lent`() throws {
    try marbles(
      """
      source       -1-2-3
      copy         ------
      demand       ------
      asked source ------
      """
    ) { Self.copy($0["source"]) }
  }

  @Test(arguments: [
    ("a -1-(2|\ncopy -1-2|", "a group is not closed"),
    ("a -1-$|\ncopy -1-2|", "'$' means nothing here"),
    ("a -1-2|\nasked b 1\ncopy -1-2|", "'asked b'"),
    ("a -1-2|\ndemand x\ncopy -1-2|", "1 to 9"),
    ("b -1-2|\ncopy -1-2|", "no source named 'a'"),
    ("   \n", "needs a row for the result"),
    ("a(b -1-2|\ncopy -1-2|", "a bracket is not closed"),
  ])
  func `says what is wrong with a diagram`(diagram: String, message: String) throws {
    let error = try #require(throws: MarbleSyntax.self) { try marbles(diagram) { Self.copy($0["a"]) } }
    #expect(error.description.contains(message))
  }

  @Test func `says which letter has no value`() throws {
    let error = try #require(throws: MarbleSyntax.self) {
      try marbles("a -x|\ncopy -1|") { Self.copy($0.ints("a")) }
    }
    #expect(error.description == "'x' of source 'a' stands for no Int")
  }

  // MARK: Messages

  @Test func `shows both diagrams, column under column`() throws {
    #expect(
      try Self.message("a -1-2-3|\ncopy -1--2-3|") == """
        copy: at 3 ms expected nothing, but there was '2'

        a              -1-2-3|
        expected copy  -1--2-3|
        actual copy    -1-2-3|

        """)
  }

  @Test func `shows what was missing at the end`() throws {
    #expect(
      try Self.message("a -1-#\ncopy -1-|") == """
        copy: at 3 ms expected '|', but there was '#'
        the failure was: #

        a              -1-#
        expected copy  -1-|
        actual copy    -1-#

        """)
  }

  @Test func `shows what was asked`() throws {
    #expect(
      try Self.message("a -12-3\ncopy -1--2\ndemand 1---1\nasked a 2---1") == """
        asked a: at 0 ms expected '2', but there was '1'

        a                 -12-3
        demand            1---1
        expected asked a  2---1
        actual asked a    1---1

        """)
  }

  @Test func `shows when a source was subscribed to`() throws {
    #expect(
      try Self.message("a --^1|\ncopy -1|").hasPrefix("a: at 0 ms expected nothing, but there was '^'"))
  }

  @Test func `shows a long pause as a stretch`() throws {
    let picture = try draw("a 1 100ms 2|\ncopy ") { Self.copy($0["a"]) }
    #expect(picture.text == "a     1 100ms 2|\ncopy  1 100ms 2|")
  }

  @Test func `says when columns are wider than their time`() throws {
    let picture = try draw("a 1(2|)\ncopy ") { $0["a"].map { $0 + "st element" } }
    #expect(
      picture.text == """
        a     1----------(2|)
        copy  1st element(2st element|)
        (some columns are wider than their time)
        """)
  }

  @Test func `complains about a source that is not let go`() throws {
    let error = try #require(throws: MarbleMismatch.self) {
      try marbles(
        """
        a      -1-2-3
        first  |
        """
      ) { Broken.leavesItsSource($0["a"]) }
    }
    #expect(error.description.contains("a: 1 subscriptions are still alive in a run whose end has been seen"))
  }

  @Test func `complains about a timer that is not cleared`() throws {
    let error = try #require(throws: MarbleMismatch.self) {
      try marbles("a -1|\ncopy -1|") { sources in
        let source = sources["a"]
        return Flow { context in
          _ = context.scheduler.schedule(at: .distantFuture) {}
          return source.start(in: context)
        }
      }
    }
    #expect(error.description.contains("1 timers are still set in a run whose end has been seen"))
  }

  @Test func `draws what really happens`() throws {
    let picture = try draw(
      """
      a        -1-2-3-4-5|
      asked a
      prefix
      demand   1---*
      """
    ) { Self.copy($0["a"]) }
    #expect(
      picture.text == """
        a        -1-2-3-4-5|
        asked a  1---*------
        prefix   -1--23-4-5|
        demand   1---*
        """)
  }

  /// The frame of each element in place of the element.
  static func instants(_ flow: Flow<String>) -> Flow<Int> {
    Flow<Int> { context in
      let upstream = flow.start(in: context)
      return { room in
        Chunk<String>.scratch(room.room) { input in
          let poll = upstream(&input)
          while input.next() != nil { room.append(Int(context.now.milliseconds)) }
          return poll
        }
      }
    }
  }
}
