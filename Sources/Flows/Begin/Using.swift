// Something that must be given back, whatever happens.

extension Flow {
  /// Runs a flow that needs a resource, which is acquired at the start of each run and released at its end.
  ///
  ///     made   -a-b-c-|
  ///     using  -a-b-c-|
  ///
  /// ```swift
  /// let lines = Flow.using { try File(path) } release: { $0.close() } _: { file in file.lines }
  /// ```
  ///
  /// `release` is called exactly once for every resource that was acquired, after the flow that was made of it has
  /// been let go. **Completion, failure.** Released after the last element was delivered, before the terminal is
  /// passed on. An error thrown by `acquire`, or by `make`, fails the flow. **Cancellation.** Released before
  /// `cancel()` returns; or, when another thread is in the middle of the flow at that moment, as soon as it is out:
  /// nobody loses the resource while using it.
  ///
  /// - Parameters:
  ///   - acquire: called at the start of a run.
  ///   - release: called at its end, from whoever ends it.
  ///   - make: makes the flow of one run.
  public static func using<Resource: Sendable>(
    _ acquire: @escaping @Sendable () throws -> Resource,
    release: @escaping @Sendable (Resource) -> Void,
    _ make: @escaping @Sendable (Resource) throws -> Flow
  ) -> Flow {
    Flow { context in
      do {
        let lease = Lease<Resource, Element>(try acquire(), release, context)
        try lease.start(make)
        return { room in lease.poll(&room) }
      } catch {
        return { _ in .failed(error) }
      }
    }
  }
}

/// A resource and the flow that uses it. Let go, it gives the resource back.
///
/// That the stage holds it, and not the run, keeps the release out of the way of a poll: a cancellation from another
/// thread lets the stage go when it is not being polled.
private final class Lease<Resource: Sendable, Element: Sendable> {
  private let context: FlowContext
  private let release: @Sendable (Resource) -> Void
  private var resource: Resource?
  private var upstream: Upstream<Element>
  private var ending: Poll?

  init(_ resource: Resource, _ release: @escaping @Sendable (Resource) -> Void, _ context: FlowContext) {
    self.resource = resource
    self.release = release
    self.context = context
    upstream = Upstream(context)
  }

  deinit { end() }

  func start(_ make: (Resource) throws -> Flow<Element>) throws {
    guard let resource else { return }
    upstream.start(try make(resource))
  }

  func poll(_ room: inout Chunk<Element>) -> Poll {
    if ending == nil {
      let start = room.count
      let poll = upstream.poll(&room)
      guard poll.isTerminal else { return poll }
      ending = poll
      // What came with the end may be a part of the resource: it is delivered first.
      if room.count > start { return context.pollAgain() }
    }
    end()
    return ending ?? .finished
  }

  private func end() {
    upstream.end()
    guard let resource else { return }
    self.resource = nil
    release(resource)
  }
}
