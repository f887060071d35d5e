// A source whose elements are made by a task.

extension FlowContext {
  /// A stage that delivers what `body` sends. The task of `body` starts with the first request, and is cancelled
  /// with this run; its return completes the stage, its error fails it.
  @usableFromInline
  func produce<Element: Sendable>(
    _ body: @escaping @Sendable (Mailbox<Element>) async throws -> Void
  ) -> Flow<Element>.Stage {
    let mailbox = Mailbox<Element>(capacity: .max)
    let stage = mailbox.read(in: self)
    var isStarted = false
    return { room in
      if !isStarted, !room.isFull {
        isStarted = true
        task {
          do {
            try await body(mailbox)
            mailbox.finish()
          } catch {
            if !mailbox.finish(.failed(error)) { discard(stray: error) }
          }
        }
      }
      return stage(&room)
    }
  }
}
