// Each element with its number.

extension Flow {
  /// Delivers each element with its number, counted from zero.
  ///
  ///     source        -a-b-c-|
  ///     enumerated()  -x-y-z-|
  ///
  /// with x = (0, a), y = (1, b) and z = (2, c).
  @inlinable @inline(__always)
  public func enumerated() -> Flow<(offset: Int, element: Element)> {
    lift(remembering: 0) { input, output, offset in
      // A local, so that it stays in a register.
      var next = offset
      output.append(draining: &input) { element in
        defer { next &+= 1 }
        return (offset: next, element: element)
      }
      offset = next
    }
  }
}
