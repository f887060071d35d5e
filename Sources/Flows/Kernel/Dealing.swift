// The flow that is dealt out to other flows.

/// A stage that puts the elements of its upstream into flows, and delivers those.
protocol Dealing {
  associatedtype Element: Sendable
  associatedtype Part: Sendable

  var context: FlowContext { get }
  var upstream: Upstream<Element> { get set }
  /// What has come and stands in no part yet.
  var waiting: Held<Element> { get }
  /// The last answer of the upstream.
  var ending: Poll { get set }

  /// How many elements may come, when so many parts are asked for.
  func space(_ room: Int) -> Int
  /// Puts what waits into parts, as far as there is room for them.
  mutating func place(_ room: inout Chunk<Part>) throws
  /// Ends those parts that something else ends than an element. The answer is whether there were any.
  mutating func endOthers() throws -> Bool
  /// Ends all parts.
  mutating func close(_ how: Poll)
}

extension Dealing {
  mutating func poll(_ room: inout Chunk<Part>) -> Poll {
    do {
      for _ in 0..<Poll.patience {
        try place(&room)
        var asked = 0
        if !ending.isTerminal {
          asked = space(room.room)
          ending = waiting.fill(atMost: asked, from: { upstream.poll(&$0) })
          try place(&room)
        }
        if ending.isTerminal, waiting.isEmpty {
          close(ending)
          return ending
        }
        if try endOthers() { continue }
        // Asked for nothing, because the parts are full, upstream has nothing to be woken for; their readers do that.
        if asked == 0 || !ending.asksAgain { return room.isFull ? .more : .pending }
      }
      // Parts are filled without demand for more of them.
      context.scope.wake()
      return .more
    } catch {
      upstream.end()
      close(.failed(error))
      return .failed(error)
    }
  }
}
