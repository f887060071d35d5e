// Flows in a row, however many.

/// A row of flows that grows at both ends without being copied: a tree, whose leaves are the flows in order.
///
/// Walked and let go in loops, so that a row of any length needs no depth of the stack.
@usableFromInline
final class Chain<Element: Sendable>: @unchecked Sendable {
  /// A leaf has a flow, a branch has two ends.
  @usableFromInline let flow: Flow<Element>?
  // Changed only when the last owner lets it go.
  @usableFromInline var first: Chain?
  @usableFromInline var second: Chain?

  @inlinable
  init(_ flow: Flow<Element>) { self.flow = flow }

  @inlinable
  init(_ first: Chain, _ second: Chain) {
    flow = nil
    self.first = first
    self.second = second
  }

  deinit {
    var left = [first, second]
    first = nil
    second = nil
    while var chain = left.popLast() {
      // One that somebody else holds stays as it is.
      guard isKnownUniquelyReferenced(&chain) else { continue }
      if let first = chain?.first { left.append(first) }
      if let second = chain?.second { left.append(second) }
      chain?.first = nil
      chain?.second = nil
    }
  }

  /// Delivers the flows in order.
  @inlinable
  func stage() -> Flow<Flow<Element>>.Stage {
    var rest = [self]
    return { room in
      while !room.isFull, var chain = rest.popLast() {
        while let first = chain.first, let second = chain.second {
          rest.append(second)
          chain = first
        }
        if let flow = chain.flow { room.append(flow) }
      }
      return rest.isEmpty ? .finished : .more
    }
  }
}

extension Flow {
  /// The flow as a row: the one that it is made of, or a row of one.
  @inlinable
  var chain: Chain<Element> { parts?.chain ?? Chain(self) }
}
