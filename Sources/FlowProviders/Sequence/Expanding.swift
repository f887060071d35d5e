// One element in, any number out.
import Flows

/// What turns elements into others, with a memory.
protocol Expander<Input, Output>: Sendable {
  associatedtype Input: Sendable
  associatedtype Output: Sendable
  mutating func expand(_ input: Input, into output: inout [Output]) throws
  /// Upstream has completed.
  mutating func finish(into output: inout [Output]) throws
  /// Upstream has failed: what was held back comes before the failure.
  mutating func breakOff(into output: inout [Output])
}

extension Expander {
  mutating func breakOff(into output: inout [Output]) {}
}

extension Flow {
  /// Delivers what an expander of its own makes of each run's elements. Upstream is asked for the next element when
  /// all that came of the one before has been delivered.
  func expanded<E: Expander>(by make: @escaping @Sendable () -> E) -> Flow<E.Output>
  where E.Input == Element {
    Flow<E.Output> { context in
      let upstream = start(in: context)
      var expander = make()
      let waiting = Waiting<E.Output>(context)
      var end: Poll?

      /// Asks upstream for `count` elements and takes them in.
      func ask(_ count: Int) -> Poll {
        Chunk<Element>.scratch(count) { chunk in
          let poll = upstream(&chunk)
          do {
            while let element = chunk.next() { try expander.expand(element, into: &waiting.elements) }
            if case .finished = poll { try expander.finish(into: &waiting.elements) }
            if case .failed = poll { expander.breakOff(into: &waiting.elements) }
          } catch {
            return .failed(error)
          }
          return poll
        }
      }

      return { room in
        // Nobody asks for anything: upstream may go on, but is asked for nothing either.
        let isProgress = room.isFull
        var isPending = false
        while true {
          waiting.deliver(into: &room)
          if !waiting.isEmpty { return .more }
          if let end { return end }
          if isPending { return room.isFull && !isProgress ? .more : .pending }
          if room.isFull && !isProgress { return .more }
          let poll = ask(isProgress ? 0 : 1)
          if poll.isTerminal { end = poll }
          if case .pending = poll { isPending = true }
          if isProgress, case .more = poll { return .more }
        }
      }
    }
  }
}

/// Elements that were made and not delivered yet. What is left when the run ends is discarded by name.
private final class Waiting<Element: Sendable> {
  var elements: [Element] = []
  private var next = 0
  private let context: FlowContext

  init(_ context: FlowContext) { self.context = context }

  deinit { for element in elements[next...] { context.discard(element) } }

  var isEmpty: Bool { next == elements.count }

  func deliver(into room: inout Chunk<Element>) {
    while next < elements.count, !room.isFull {
      room.append(elements[next])
      next += 1
    }
    if isEmpty, next > 0 {
      elements.removeAll(keepingCapacity: true)
      next = 0
    }
  }
}
