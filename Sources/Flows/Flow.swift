// The type, and the whole contract, said once.

/// A recipe for a stream of elements that ends with completion or with an error.
///
/// ```swift
/// let odd = try await Flow.from(1...5).map { $0 * $0 }.filter { $0 % 2 == 1 }.collect()  // [1, 9, 25]
/// ```
///
/// Nothing happens until somebody runs a flow; every run is independent of every other. A flow can be stored,
/// passed on, and run any number of times.
///
/// # The contract
///
/// Every operator keeps it, and documents only where it differs.
///
/// - **Demand.** A flow never delivers more elements than were asked for, and no operator asks its upstream for
///   more than it was asked for itself, unless its name says that it buffers. Elements that *were* asked for may
///   be computed in batches before the first of them is seen. Nothing is prefetched.
/// - **Order.** Signals to one consumer never overlap. User closures run one at a time per run, under no lock,
///   and may throw: that cancels upstream and fails the flow, after the elements already accepted.
/// - **Completion and failure** need no demand, end the run, and come at most once; nothing follows them. What
///   was accepted before a failure is delivered before it.
/// - **Cancellation** goes upstream at once, from any thread, any number of times; it is not an error. After it,
///   the consumer hears nothing more. Timers, tasks and captured references are gone when the terminal is seen.
/// - **Loss.** An element that was accepted is delivered, given up by a declared policy, or handed to
///   `onDiscard`.
/// - **Time** comes from the scheduler of the run. Timers start with the run unless stated otherwise, and never
///   fire early. An element and a deadline of the same instant: the element wins.
/// - **Place.** A run without a scheduler runs on whoever wakes it; `subscribe(on:)` and `receive(on:)` move it.
///
/// # Writing an operator
///
/// A flow is made from a recipe: a function that is called once per run and returns a stage. A stage is a
/// closure that fills the room it is lent; its memory is what it captures. Only the driver of the run calls it,
/// one call at a time, so it needs no lock.
///
/// ```swift
/// extension Flow {
///   func everyOther() -> Flow {
///     Flow { context in
///       let upstream = start(in: context)
///       var isOdd = false
///       return { room in
///         let start = room.count
///         let poll = upstream(&room)
///         room.keep(from: start) { _ in
///           isOdd.toggle()
///           return isOdd
///         }
///         return poll
///       }
///     }
///   }
/// }
/// ```
@frozen
public struct Flow<Element: Sendable>: Sendable {
  /// Fills the room that it is lent, and says what comes after. Room of zero is a poll for progress: deliver
  /// nothing, but do what must go on without demand.
  public typealias Stage = (inout Chunk<Element>) -> Poll

  /// Makes the stage of one run.
  public typealias Recipe = @Sendable (FlowContext) -> Stage

  @usableFromInline let recipe: Recipe
  /// The flows that this one consists of, when it is nothing but those: whoever runs it may run them instead.
  @usableFromInline let parts: Parts<Element>?

  /// A flow from its recipe: the way to write a source or an operator.
  @inlinable @inline(__always)
  public init(_ recipe: @escaping Recipe) {
    self.recipe = recipe
    parts = nil
  }

  @inlinable @inline(__always)
  init(_ parts: Parts<Element>, _ recipe: @escaping Recipe) {
    self.recipe = recipe
    self.parts = parts
  }

  /// Makes the stage of one run, on behalf of the downstream stage that `context` belongs to.
  @inlinable @inline(__always)
  public func start(in context: FlowContext) -> Stage { recipe(context) }
}
