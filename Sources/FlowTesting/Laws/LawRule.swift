// The rules by their numbers: what each says, and how it is seen to.

/// A rule of flows, and where to look for its proof.
public struct LawRule: Sendable, CustomStringConvertible {
  /// How a rule is seen to be kept.
  public enum Proof: Sendable, Equatable {
    /// The laws run every operator so that one that breaks it is found; a ``LawBreach`` has the number of the rule.
    case run(String)
    /// It is kept when that rule is, which is checked.
    case with(String)
    /// An operator cannot break it: it is kept by the driver of the run. The name of the test that drives that.
    case kernel(String)
    /// It cannot be written down wrongly, or there is nothing to be kept.
    case type(String)
  }

  /// `1.1` to `4.2` as in Reactive Streams, `S1` to `S7` of this library.
  public let number: String
  /// The rule in our words.
  public let text: String
  public let proof: Proof

  public var description: String { "\(number) \(text)" }

  init(_ number: String, _ text: String, _ proof: Proof) {
    self.number = number
    self.text = text
    self.proof = proof
  }
}

extension Laws {
  /// All rules, in order.
  public static let rules: [LawRule] = deliver + listen + subscription + both + own

  private static let deliver = [
    LawRule("1.1", "no more is delivered than was asked for", .kernel("a full room takes nothing")),
    LawRule("1.2", "fewer may be delivered, and then the end", .run("asked for more than there is, it ends")),
    LawRule("1.3", "signals do not overlap", .kernel("a wake and a wake")),
    LawRule("1.4", "what cannot go on says so", .run("its source fails, and it does not fall silent")),
    LawRule("1.5", "what ends says so", .run("its source ends, and so does it")),
    LawRule("1.6", "what has ended is cancelled", .run("after its end it does not poll its source")),
    LawRule("1.7", "nothing comes after the end", .run("a source that has ended is not polled again")),
    LawRule("1.8", "after a cancellation nothing comes", .run("cancelled, it is quiet and polls nobody")),
    LawRule(
      "1.9", "a run begins when somebody runs it", .run("while it is made, nothing is started or called")),
    LawRule("1.10", "any number of runs", .run("a second run, and one at the same time, are like the first")),
    LawRule("1.11", "a run for each, or one for all", .run("two runs start its source as often as it says")),
  ]

  private static let listen = [
    LawRule("2.1", "elements come because they were asked for", .with("S1")),
    LawRule("2.2", "who is slow works elsewhere", .type("`receive(on:)` is there for it")),
    LawRule("2.3", "an end is not answered", .type("who hears an end has nothing to call: the run is gone")),
    LawRule("2.4", "what has ended is dead", .with("1.7")),
    LawRule("2.5", "one subscription at a time", .type("a stage has the upstreams that it started itself")),
    LawRule("2.6", "who needs no more lets go", .run("when it has ended, its source is let go")),
    LawRule("2.7", "requests and cancellations are serialised", .kernel("a request and a request")),
    LawRule("2.8", "late signals do no harm", .run("a source that stutters, wakes and talks after its end")),
    LawRule("2.9", "a completion needs no demand", .run("an empty source ends, and nothing was asked for")),
    LawRule("2.10", "a failure needs no demand", .run("a source fails, and no more was asked for")),
    LawRule("2.11", "signals are published to whoever works on them", .kernel("an element and a request")),
    LawRule("2.12", "a subscriber is subscribed once", .type("a consumer is made with its run")),
    LawRule("2.13", "what a closure throws ends the flow", .run("every one of its first calls throws")),
  ]

  private static let subscription = [
    LawRule("3.1", "requests come from the consumer", .type("only it holds its subscription")),
    LawRule(
      "3.2", "an element may be answered with a request", .run("demand of one, asked for in the callback")),
    LawRule(
      "3.3", "requests and elements do not pile up", .run("a million elements; a hundred thousand requests")),
    LawRule("3.4", "a request is quick", .type("it stores a number and wakes")),
    LawRule(
      "3.5", "a cancellation is quick, and may come from anywhere", .kernel("an element and a cancellation")),
    LawRule("3.6", "a request after it does nothing", .with("1.8")),
    LawRule("3.7", "a cancellation after it does nothing", .with("1.8")),
    LawRule("3.8", "requests add up", .run("random demand is served")),
    LawRule(
      "3.9", "a demand of less than one",
      .type("less than zero traps where it is made; zero asks for nothing")),
    LawRule("3.10", "a request may be served at once", .type("a permission")),
    LawRule("3.11", "a request may be answered with an end", .type("a permission")),
    LawRule("3.12", "a cancellation reaches the source", .run("cancelled anywhere, its source is let go")),
    LawRule("3.13", "what was held for a run is let go", .run("no stage and no closure outlives the run")),
    LawRule("3.14", "the last cancellation may stop a producer", .with("3.12")),
    LawRule("3.15", "a cancellation does not throw", .type("it cannot")),
    LawRule("3.16", "a request does not throw", .type("it cannot")),
    LawRule("3.17", "requests add up beyond any number", .run("three times the greatest number but one")),
  ]

  private static let both = [
    LawRule("4.1", "an operator keeps both sides", .with("1.5")),
    LawRule(
      "4.2", "a failure is handled or passed on", .run("its source fails after any number of elements")),
  ]

  private static let own = [
    LawRule("S1", "nothing is asked for beyond demand and declared buffers", .run("the room of every poll")),
    LawRule("S2", "closures run one at a time, under no lock", .kernel("callbacks hold no lock")),
    LawRule(
      "S3", "a failure comes after what was accepted", .run("the same source, with and without a failure")),
    LawRule(
      "S4", "what was accepted is delivered or discarded", .run("elements are counted; demand changes none")),
    LawRule("S5", "timers end before the end is seen", .run("timers are counted at every end")),
    LawRule("S6", "time is that of the run", .run("a later beginning changes nothing")),
    LawRule("S7", "an end needs no demand", .run("exactly what comes was asked for")),
  ]
}
