// One line in the registry of operators.
import Flows

/// An operator, or a source, under the laws: how it is made, and in what it differs from the contract.
///
/// ```swift
/// static let rows: [LawRow] = [
///   .operator("map") { source, law in source.map { try law.call($0) * 2 } },
///   .operator("debounce(1 ms)", asks: .withoutLimit, delivers: .someElements) {
///     source, _ in source.debounce(for: .milliseconds(1))
///   },
///   .source("from") { _ in .from([1, 2, 3]) },
/// ]
/// ```
///
/// Names begin with the name of the function. Whatever closures the operator takes should call `law.call(_:)`, so
/// that they can be made to throw, and be seen to be let go.
public struct LawRow: Sendable, CustomStringConvertible {
  /// What was checked, as it is shown.
  public let description: String
  /// The name of the function that the row is about.
  public var name: String { String(description.prefix { $0 != "(" && $0 != "," && $0 != " " }) }

  private let findBreaches: @Sendable (_ depth: Int) -> [LawBreach]

  init<Output>(_ subject: LawSubject<Output>) {
    description = subject.name
    findBreaches = { subject.breaches(depth: $0) }
  }

  /// A row about an operator, given as what it makes of a source.
  ///
  /// - Parameters:
  ///   - name: the name of the function, and what tells this row from another about the same function.
  ///   - asks: what it may ask of its source.
  ///   - delivers: what of its elements does not depend on demand.
  ///   - failures: what becomes of failures.
  ///   - ends: whether it ends when its source does, and whether that needs demand.
  ///   - runs: whether several runs at a time have to do with each other.
  ///   - depth: whether a million elements are sent through it.
  ///   - build: makes the flow of a source.
  public static func `operator`<Output: Sendable>(
    _ name: String, asks: Asking = .whatIsAsked, delivers: Delivery = .everyElement,
    failures: Failures = .passedOn, ends: Ending = .withItsSource,
    runs: Runs = .independent, depth: Depth = .million,
    _ build: @escaping @Sendable (Flow<Int>, LawProbe) -> Flow<Output>
  ) -> LawRow {
    LawRow(
      LawSubject(
        name: name, hasSource: true, asks: asks, delivers: delivers, failures: failures, ends: ends,
        runs: runs, depth: depth, build: build))
  }

  /// A row about a source. See ``operator(_:asks:delivers:failures:ends:runs:depth:_:)``.
  public static func source<Output: Sendable>(
    _ name: String, delivers: Delivery = .everyElement, ends: Ending = .withItsSource,
    _ build: @escaping @Sendable (LawProbe) -> Flow<Output>
  ) -> LawRow {
    LawRow(
      LawSubject(
        name: name, hasSource: false, asks: .whatIsAsked, delivers: delivers, failures: .passedOn, ends: ends,
        runs: .independent, depth: .shallow, build: { _, probe in build(probe) }))
  }

  /// A row about a terminal: something that runs a flow and comes to one value.
  ///
  /// It is tried like an operator that delivers that value: `run` is a task that begins when the value is asked for
  /// and is cancelled with the run. So it must come to one end, whatever its source does and however it is paced;
  /// pass on the failures of its source and of its closures; ask its source for no more than it says; let go of
  /// everything when it is cancelled, and before its end is seen; and stand a million elements.
  ///
  /// - Parameters:
  ///   - name: the name of the function, and what tells this row from another about the same function.
  ///   - asks: what it asks of its source while the one value is waited for.
  ///   - run: runs the flow.
  public static func terminal<Output: Sendable>(
    _ name: String, asks: Asking = .withoutLimit,
    _ run: @escaping @Sendable (Flow<Int>, LawProbe) async throws -> Output
  ) -> LawRow {
    .operator(name, asks: asks, ends: .whenAsked) { source, law in .future { try await run(source, law) } }
  }

  /// The rules that are broken, if any. See ``Laws``.
  ///
  /// - Parameter depth: how many elements a row with the depth `.million` is sent.
  public func breaches(depth: Int = 1_000_000) -> [LawBreach] { findBreaches(depth) }

  /// - Throws: ``LawsBroken`` when a rule is broken.
  public func check(depth: Int = 1_000_000) throws {
    let breaches = breaches(depth: depth)
    if !breaches.isEmpty { throw LawsBroken(name: description, breaches: breaches) }
  }
}

extension LawRow {
  /// What an operator may ask of its source, beyond what is outstanding downstream.
  public enum Asking: Sendable, Equatable {
    case whatIsAsked
    /// So many more: a declared buffer, or elements that it takes without delivering.
    case ahead(Int)
    /// So many times as much: elements that become one.
    case times(Int)
    case withoutLimit
  }

  /// What of the elements stays the same, whatever the demand is.
  public enum Delivery: Sendable, Equatable {
    case everyElement
    /// All of them, in an order that depends on demand.
    case inAnyOrder
    /// Which come depends on demand and time.
    case someElements
  }

  /// What becomes of a failure.
  public enum Failures: Sendable, Equatable {
    case passedOn
    /// Passed on before what was accepted, which is discarded.
    case overtaking
    /// A failure of the source is handled; one of a closure is passed on.
    case handled
    /// Neither is passed on.
    case handledAll
  }

  /// When it ends.
  public enum Ending: Sendable, Equatable {
    /// At the latest when its source does, without demand.
    case withItsSource
    /// The end is found by the request after the last element, or is itself an element.
    case whenAsked
    /// Not by itself.
    case never
  }

  /// What several runs of one flow at the same time have to do with each other.
  public enum Runs: Sendable, Equatable {
    case independent
    /// They share what comes.
    case shared
  }

  /// How many elements are sent through it at once.
  public enum Depth: Sendable, Equatable {
    case million
    /// It is too slow for that, or has no source.
    case shallow
  }
}
