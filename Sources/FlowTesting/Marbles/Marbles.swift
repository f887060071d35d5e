// Pictures of flows, as tests.
import Flows

/// Runs what `build` makes of the sources of a diagram in virtual time, and compares what comes with the diagram.
///
/// ```swift
/// try marbles("""
///   a         -1-2-3---|
///   b         --x---y-|
///   merge     -1x2-3y--|
///   """) { sources in sources["a"].merge(with: sources["b"]) }
/// ```
///
/// A row is a name and what happens at each frame of a millisecond. The last plain row is what is expected; those
/// before it are sources.
///
/// | sign | meaning |
/// |---|---|
/// | `-` | a frame in which nothing happens |
/// | `a`, `1` | an element |
/// | `\|`, `#` | completion, failure (sources fail with ``MarbleError``) |
/// | `(ab\|)` | all at one instant; the frames that the group is wide pass behind it, so that columns line up |
/// | ` 10ms ` | a stretch of time, with a space on both sides; also `s` and `m` |
/// | `^`, `!` | in the row of a source: that it must be subscribed to, or cancelled, at this frame; time of the source begins at its `^`. In the row of the result: when the test subscribes, and cancels |
/// | space | nothing: for alignment |
///
/// The name is the first word, with what stands in its brackets and with the closure behind it:
/// `filter { even }` is the name `filter`. Rows with a meaning of their own:
///
/// | row | meaning |
/// |---|---|
/// | `demand  2--1---*` | how many elements the test asks for, and when; `*` is unlimited. Without the row, unlimited from the start |
/// | `asked a 1-1-1` | how many elements must have been asked of source `a`, and when |
/// | `cancel  ----!` | when the test cancels: after all else of that frame |
///
/// What a diagram cannot show is looked at as well: at the end nothing may be left of the sources and no timer set,
/// and no rule of the contract may be broken.
///
/// - Parameters:
///   - diagram: what is given and what is expected.
///   - values: what letters of sources stand for, see ``MarbleSources/values(_:as:)``.
///   - results: what letters of the result stand for. An element without a letter is written as its description.
///   - build: makes the flow from the sources.
/// - Returns: the picture of what happened.
/// - Throws: ``MarbleMismatch`` when something else happened, ``MarbleSyntax`` when the diagram cannot be read.
@discardableResult
public func marbles<Output: Sendable>(
  _ diagram: String, values: [Character: any Sendable] = [:], results: [Character: Output] = [:],
  _ build: (MarbleSources) throws -> Flow<Output>
) throws -> MarblePicture {
  let run = try MarbleRun(MarbleDiagram(diagram), values, results, build)
  if let mismatch = try MarbleMismatch(run) { throw mismatch }
  return run.picture
}

/// Draws what really happens: the diagram of ``marbles(_:values:results:_:)`` with the row of the result, and those
/// of what was asked, made from a run. What stood in them is overwritten.
///
/// - Throws: ``MarbleSyntax`` when the diagram cannot be read.
public func draw<Output: Sendable>(
  _ diagram: String, values: [Character: any Sendable] = [:], results: [Character: Output] = [:],
  _ build: (MarbleSources) throws -> Flow<Output>
) throws -> MarblePicture {
  try MarbleRun(MarbleDiagram(diagram), values, results, patience: 1000, build).picture
}
