// Flows of elements that exist already.

extension Flow {
  /// Delivers the elements of a collection, and completes with the last of them.
  ///
  ///     from([a, b, c])  (abc|)
  ///
  /// Every run begins anew.
  @inlinable @inline(__always)
  public static func from<C: RandomAccessCollection & Sendable>(_ elements: C) -> Flow
  where C.Element == Element {
    Flow { _ in
      // One variable, because each is an object of its own.
      let rest = Cell((start: elements.startIndex, count: elements.count))
      return { room in
        let count = Swift.min(room.room, rest.value.count)
        let target = room.base + room.tail
        var next = rest.value.start
        var done = 0
        while done < count {
          (target + done).initialize(to: elements[next])
          elements.formIndex(after: &next)
          done &+= 1
        }
        rest.value = (next, rest.value.count &- count)
        room.tail &+= count
        return rest.value.count == 0 ? .finished : .more
      }
    }
  }

  /// Delivers the elements of a sequence, and completes when it has no more.
  ///
  /// The iterator is asked for an element only when one was asked for, so the end of a sequence that is not a
  /// collection is found by the poll after the last element. The iterator is let go with the run.
  @inlinable @inline(__always)
  public static func from<S: Sequence & Sendable>(_ elements: S) -> Flow where S.Element == Element {
    Flow { _ in
      var iterator = elements.makeIterator()
      return { room in
        while !room.isFull {
          guard let element = iterator.next() else { return .finished }
          room.append(element)
        }
        return .more
      }
    }
  }
}

extension Sequence where Self: Sendable, Element: Sendable {
  /// The elements as a flow: `Flow.from(self)`.
  @inlinable @inline(__always)
  public var flow: Flow<Element> { .from(self) }
}

extension RandomAccessCollection where Self: Sendable, Element: Sendable {
  /// The elements as a flow: `Flow.from(self)`.
  @inlinable @inline(__always)
  public var flow: Flow<Element> { .from(self) }
}
