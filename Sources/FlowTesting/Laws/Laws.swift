// The rules that every operator keeps, as something to be run.
import Flows

/// The laws of flows, checked for an operator.
///
/// ```swift
/// @Test func `everyOther keeps the laws`() throws {
///   try Laws.check("everyOther") { $0.everyOther() }
/// }
/// ```
///
/// The operator is run with a source that has all elements at once and one that takes its time, with unlimited
/// demand, demand of one and random demand; its source fails and misbehaves, its closures throw, and it is cancelled
/// at every point. All in virtual time, on one thread, the same every time.
///
/// | rule | what is checked |
/// |---|---|
/// | 1.1, 1.3 | no more is delivered than was asked for, one signal at a time |
/// | 1.2, 1.5 | it ends when its source does, however much is asked for |
/// | 1.4, 2.10, 4.2 | a failure is passed on, and needs no demand |
/// | 1.6, 1.7 | nothing comes after the end, and nobody is polled after it |
/// | 1.8, 3.5 - 3.7 | cancellation is quiet, may come twice, and what is requested after it does nothing |
/// | 1.9 | nothing happens while it is made |
/// | 1.10, 1.11 | every run is independent of every other, or shares its source |
/// | 2.6, 3.12, 3.13, S5 | when it is over its source, its timers and all that it held are let go |
/// | 2.8 | late signals and needless wakes of a source change nothing |
/// | 2.9, S7 | the end needs no demand |
/// | 2.13 | what a closure throws ends the flow |
/// | 3.2, 3.8, 3.17 | requests add up, beyond any number, also those that answer an element |
/// | 3.3 | a million elements, and a hundred thousand requests, do not pile up on the stack |
/// | S1 | no more is asked of the source than is asked of the operator |
/// | S3 | a failure comes after the elements that were accepted |
/// | S4 | which elements come does not depend on demand; what is not delivered is discarded |
/// | S6 | when it is begun does not matter |
///
/// ``rules`` has all of them by number, each with its proof: some an operator cannot break.
public enum Laws {
  /// Checks an operator without exceptions and without closures. For others there is ``LawRow``, which says in what
  /// they differ from the contract.
  ///
  /// It is a function that throws: it can be called by any test framework, or by none.
  ///
  /// - Throws: ``LawsBroken``, which says what is broken and when.
  public static func check<Output: Sendable>(
    _ name: String, _ build: @escaping @Sendable (Flow<Int>) -> Flow<Output>
  ) throws {
    try LawRow.operator(name) { source, _ in build(source) }.check()
  }
}
