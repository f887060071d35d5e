// How inline operators stand on their upstream: one wiring for those that change the type, one for those that
// edit in place.

extension Flow {
  /// A stage that polls into scratch room and moves what came through `kernel`.
  ///
  /// `kernel` must capture nothing but the user's function: then the optimiser makes a constant of it, with the
  /// user's closure inlined into a vectorised loop, however far apart the stages of the chain are built. (A
  /// kernel that also captured the upstream cost twice as much per element.)
  @inlinable @inline(__always)
  func lift<Output>(
    _ kernel: @escaping @Sendable (inout Chunk<Element>, inout Chunk<Output>) throws -> Void
  ) -> Flow<Output> {
    Flow<Output> { [recipe] context in
      let upstream = recipe(context)
      let environment = context.environment
      return { room in
        Chunk<Element>.scratch(room.room, asked: room.asked) { input in
          let poll = upstream(&input)
          do {
            try kernel(&input, &room)
            return poll
          } catch {
            while let element = input.next() { environment.discard(element) }
            return .failed(error)
          }
        }
      }
    }
  }

  /// `lift` with a memory of its own per run, which `kernel` is handed.
  @inlinable @inline(__always)
  func lift<Output, Memory: Sendable>(
    remembering initial: Memory,
    _ kernel: @escaping @Sendable (inout Chunk<Element>, inout Chunk<Output>, inout Memory) throws -> Void
  ) -> Flow<Output> {
    Flow<Output> { [recipe] context in
      let upstream = recipe(context)
      let environment = context.environment
      let memory = Cell(initial)
      return { room in
        Chunk<Element>.scratch(room.room, asked: room.asked) { input in
          let poll = upstream(&input)
          do {
            try kernel(&input, &room, &memory.value)
            return poll
          } catch {
            while let element = input.next() { environment.discard(element) }
            return .failed(error)
          }
        }
      }
    }
  }

  /// A stage that polls straight into the room it is given and lets `kernel` edit what came since the given
  /// count. When nothing is left of it, the driver asks again: a loop here would keep a cancellation from it.
  ///
  /// `kernel` must capture nothing but the user's function, as in `lift`. It is handed the elements that its
  /// failure leaves over.
  @inlinable @inline(__always)
  func edit(
    _ kernel: @escaping @Sendable (inout Chunk<Element>, Int, (Element) -> Void) throws -> Void
  ) -> Flow {
    Flow { [recipe] context in
      let upstream = recipe(context)
      let environment = context.environment
      return { room in
        let start = room.count
        let poll = upstream(&room)
        do {
          try kernel(&room, start) { environment.discard($0) }
          return poll
        } catch {
          return .failed(error)
        }
      }
    }
  }
}
