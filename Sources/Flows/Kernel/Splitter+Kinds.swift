// The splitters of the operators that make arrays, and of those that make windows.

extension Splitter {
  /// Neighbours that belong together.
  @inlinable
  static func neighbours(
    _ belongTogether: @escaping @Sendable (Element, Element) throws -> Bool
  ) -> Splitter {
    var last: Element?
    return Splitter(cut: { element in
      defer { last = element }
      guard let last else { return .none }
      return try belongTogether(last, element) ? .none : .before
    })
  }

  /// Elements up to one that is the last.
  @inlinable
  static func upTo(_ isLast: @escaping @Sendable (Element) throws -> Bool) -> Splitter {
    Splitter(cut: { try isLast($0) ? .after : .none })
  }

  /// So many elements, or, with an `interval`, those that come until it has passed since the first.
  @inlinable
  static func count(_ count: Int, orEvery interval: Duration? = nil, in context: FlowContext) -> Splitter {
    let alarm = interval == nil ? nil : context.alarm()
    var isAsked = false
    var number = 0
    return Splitter(
      ask: { waiting, room in
        if room > 0 { isAsked = true }
        return isAsked ? count - waiting : 0
      },
      cut: { _ in
        number += 1
        return number == count ? .after : .none
      },
      begin: {
        number = 1
        if let interval { alarm?.set(after: interval) }
      },
      end: {
        number = 0
        alarm?.clear()
      },
      isDue: { alarm?.isDue ?? false })
  }

  /// Elements that come until `signal` says something.
  @inlinable
  static func signal<Other>(_ signal: Flow<Other>, in context: FlowContext) -> Splitter {
    var signal = Signal(signal, in: context)
    return Splitter(
      ask: { _, _ in .max },
      isDue: {
        let hasCome = signal.hasCome()
        if let failure = signal.failure { throw failure }
        return hasCome
      })
  }
}
