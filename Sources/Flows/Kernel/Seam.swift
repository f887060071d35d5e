// Where two threads can meet, in a build that tries all the ways in which they do.
#if FLOWS_INTERLEAVINGS
  import Synchronization

  /// Decides at every atomic operation and every lock which of two threads goes on. The tests have one.
  package protocol SeamExplorer: AnyObject {
    /// Called before a thread does something that another may see.
    func step(_ what: Seam.Step)
    /// The lock that a thread wants is taken.
    func wait()
    /// A thread holds one lock more, or one less.
    func hold(_ change: Int)
    /// A mistake, made on purpose: this change of a state is believed to be made, and is not.
    func loses(from old: Any, to new: Any) -> Bool
  }

  package enum Seam {
    package enum Step: String { case load, store, exchange, compareExchange, add, lock }
    /// Set while nothing else runs.
    nonisolated(unsafe) package static var explorer: (any SeamExplorer)?
  }

  /// Stands before the type of the standard library in every file of this module. Orderings are not explored: all
  /// operations are seen by everybody in the order in which they were made. ThreadSanitizer knows about the others.
  ///
  /// A mutex will do, and is the same for every type of value.
  @usableFromInline
  package struct Atomic<Value: Equatable & Sendable>: ~Copyable, Sendable {
    private let value: Mutex<Value>

    @usableFromInline
    package init(_ initial: Value) { value = Mutex(initial) }

    @usableFromInline
    package func load(ordering: AtomicLoadOrdering) -> Value {
      Seam.explorer?.step(.load)
      return value.withLock { $0 }
    }

    @usableFromInline
    package func store(_ new: Value, ordering: AtomicStoreOrdering) {
      Seam.explorer?.step(.store)
      value.withLock { $0 = new }
    }

    @usableFromInline
    package func exchange(_ new: Value, ordering: AtomicUpdateOrdering) -> Value {
      Seam.explorer?.step(.exchange)
      return value.withLock { value in
        defer { value = new }
        return value
      }
    }

    @usableFromInline
    package func compareExchange(expected: Value, desired: Value, ordering: AtomicUpdateOrdering)
      -> (exchanged: Bool, original: Value)
    {
      Seam.explorer?.step(.compareExchange)
      let isLost = Seam.explorer?.loses(from: expected, to: desired) ?? false
      return value.withLock { value in
        let original = value
        if original == expected, !isLost { value = desired }
        return (original == expected, original)
      }
    }
  }

  extension Atomic where Value == Int {
    @usableFromInline
    @discardableResult
    package func wrappingAdd(_ operand: Int, ordering: AtomicUpdateOrdering)
      -> (oldValue: Int, newValue: Int)
    {
      Seam.explorer?.step(.add)
      return value.withLock { value in
        defer { value &+= operand }
        return (value, value &+ operand)
      }
    }

    @usableFromInline
    @discardableResult
    package func subtract(_ operand: Int, ordering: AtomicUpdateOrdering) -> (oldValue: Int, newValue: Int) {
      wrappingAdd(-operand, ordering: ordering)
    }
  }
#endif
