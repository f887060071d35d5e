// A provider whose model blocks.
import Flows

/// A provider made of a function that blocks while it generates: a model in this process, a C library, a pipe.
///
/// ```swift
/// let local = BlockingProvider(name: "llama", threads: 1) { request, answer in
///   let session = try model.session(for: request.messages)
///   while let token = session.next() { try answer.write(token) }
/// }
/// ```
///
/// The function runs on threads of the provider's own, never on those that tasks share. They start with the first
/// request, and end when the provider, and all answers that are under way, were let go.
public final class BlockingProvider: ChatProvider {
  public let name: String
  private let declared: Capabilities
  private let crew: Crew
  private let generate: @Sendable (ChatRequest, BlockingAnswer) throws -> Void

  /// - Parameters:
  ///   - name: for people, registries and logs.
  ///   - threads: how many requests are answered at a time, at least 1; anything else traps.
  ///   - queue: how many more may wait for a thread; one beyond that fails as `overloaded`.
  ///   - capabilities: what can be said of every model behind it.
  ///   - generate: called once per run. It writes the answer, and returns when that is complete. Its error, when it is
  ///     no ``ProviderError``, becomes one of the kind `other`.
  public init(
    name: String, threads: Int = 1, queue: Int = 64,
    capabilities: Capabilities = Capabilities([.streaming]),
    generate: @escaping @Sendable (ChatRequest, BlockingAnswer) throws -> Void
  ) {
    precondition(threads > 0, "BlockingProvider(threads: \(threads)): somebody must do the work")
    precondition(queue >= 0, "BlockingProvider(queue: \(queue)): a queue cannot be shorter than empty")
    self.name = name
    declared = capabilities
    crew = Crew(name: "flows.model", threads: threads, queue: queue)
    self.generate = generate
  }

  deinit { crew.dismiss() }

  /// The answer to `request`, as it is generated.
  ///
  /// **Demand.** A thread is taken when the first event is asked for; from then on what is written waits until it is
  /// asked for, so a model is never ahead of its reader. **Failure.** A ``ProviderError``, after what was written.
  /// **Cancellation.** The function finds ``BlockingAnswer/isCancelled``, and the next write throws; a request that
  /// still waits for a thread never gets one.
  public func stream(_ request: ChatRequest) -> Flow<ChatEvent> {
    Flow { [self] context in
      let signal = ThreadSignal()
      let mailbox = Mailbox<ChatEvent>(capacity: .max, asking: Asking(isAhead: false)) { signal.signal() }
      let stage = mailbox.read(in: context)
      let answer = BlockingAnswer(mailbox, signal)
      var isStarted = false
      return { [self] room in
        if !isStarted, !room.isFull {
          isStarted = true
          // The work holds the provider, or its threads would end under it.
          let ticket = crew.take { [self] in answer.run { try generate(request, answer) } }
          guard let ticket else { return .failed(crew.refusal) }
          context.onEnd { [crew] in
            answer.leave()
            crew.giveBack(ticket)
          }
        }
        return stage(&room)
      }
    }
  }

  public func capabilities(of model: String) async throws -> Capabilities { declared }
}
