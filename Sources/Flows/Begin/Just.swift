// The smallest flows: one element, none, never, a failure.

extension Flow {
  /// Delivers one element and completes.
  ///
  ///     just(a)  (a|)
  @inlinable @inline(__always)
  public static func just(_ element: Element) -> Flow {
    Flow { _ in
      { room in
        if room.isFull { return .more }
        room.append(element)
        return .finished
      }
    }
  }

  /// Completes at once.
  ///
  ///     empty()  |
  @inlinable
  public static func empty() -> Flow {
    Flow { _ in { _ in .finished } }
  }

  /// Delivers nothing and does not end.
  ///
  ///     never()  ----
  @inlinable
  public static func never() -> Flow {
    Flow { _ in { _ in .pending } }
  }

  /// Fails at once.
  ///
  ///     fail(error)  #
  @inlinable
  public static func fail(_ error: any Error) -> Flow {
    Flow { _ in { _ in .failed(error) } }
  }
}
