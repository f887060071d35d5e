// One asynchronous call.

extension Flow {
  /// What `operation` answers. Its task starts when the stage is made and is cancelled with the scope; the
  /// answer waits for room.
  static func call(_ operation: @escaping @Sendable () async throws -> Element) -> Flow {
    Flow { context in
      let answer = Mailbox<Element>(capacity: 1)
      let stage = answer.read(in: context)
      context.task {
        do {
          let element = try await operation()
          // It came too late: nobody waits for it any more.
          if !answer.finish(with: element) { context.discard(element) }
        } catch {
          if !answer.finish(.failed(error)) { context.discard(stray: error) }
        }
      }
      return stage
    }
  }
}
