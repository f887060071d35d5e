// What a stage on the path of every token remembers between two polls.

/// A variable of one stage.
///
/// A captured `var` does the same and reads better; but a closure that escapes must ask the runtime, at each
/// access, that nobody else is in the middle of one: three such questions are a third of what a token costs.
/// Only the driver calls a stage, one call at a time, so there is nobody else.
@usableFromInline
final class Cell<Value> {
  @exclusivity(unchecked) @usableFromInline var value: Value

  @inlinable
  init(_ value: Value) { self.value = value }
}
