// A flow from callbacks.

extension Flow {
  /// Delivers what a producer of callbacks yields.
  ///
  /// ```swift
  /// let prices = Flow<Price>.create(buffer: 16, whenFull: .dropOldest) { emitter in
  ///   let feed = Feed { emitter.yield($0) } onClose: { emitter.finish() }
  ///   emitter.onCancel { feed.close() }
  /// }
  /// ```
  ///
  ///     yields  -a-b-c-|
  ///     create  -a-b-c-|
  ///
  /// The producer starts with the run, once per run, and may yield from any thread. **Demand.** A producer of
  /// callbacks cannot wait, so what comes without demand is held in a buffer, and `policy` decides when that is
  /// full; `FlowEmitter.demand` and `FlowEmitter.onRequest(_:)` serve a producer that can be told.
  /// **Failure.** An error thrown by `produce` fails the flow.
  ///
  /// - Parameters:
  ///   - capacity: the most elements that wait, at least 1; anything else traps.
  ///   - policy: what happens to an element that finds the buffer full.
  ///   - produce: registers the callbacks.
  @inlinable
  public static func create(
    buffer capacity: Int, whenFull policy: OverflowPolicy,
    _ produce: @escaping @Sendable (FlowEmitter<Element>) throws -> Void
  ) -> Flow {
    precondition(capacity > 0, "create(buffer: \(capacity)): a buffer needs room for at least one element")
    return Flow { context in
      let mailbox = Mailbox<Element>(capacity: capacity)
      let stage = mailbox.read(in: context)
      let emitter = FlowEmitter(mailbox, policy: policy)
      do { try produce(emitter) } catch { emitter.fail(error) }
      return stage
    }
  }
}

/// The producer's end of `Flow.create`. Every verb may be called from any thread. Kept longer than the run, it
/// keeps nothing of it.
public struct FlowEmitter<Element: Sendable>: Sendable {
  @usableFromInline let mailbox: Mailbox<Element>
  @usableFromInline let policy: OverflowPolicy

  @usableFromInline
  init(_ mailbox: Mailbox<Element>, policy: OverflowPolicy) {
    self.mailbox = mailbox
    self.policy = policy
  }

  /// What became of a yielded element.
  public enum YieldResult: Sendable {
    /// It waits, or was delivered. So many more fit.
    case enqueued(remaining: Int)
    /// The buffer was full: this element was given up, by the policy.
    case dropped(Element)
    /// The flow has ended, or nobody consumes it any more. Stop producing.
    case terminated
  }

  /// Delivers an element, or does what the policy says when the buffer is full.
  @inlinable
  @discardableResult
  public func yield(_ element: Element) -> YieldResult {
    switch mailbox.send(element, whenFull: policy) {
    case .enqueued(let remaining): return .enqueued(remaining: remaining)
    case .dropped(let lost):
      mailbox.discard(lost)
      return .dropped(lost)
    case .terminated: return .terminated
    }
  }

  /// Completes the flow after what was yielded. Only the first ending counts.
  public func finish() { mailbox.finish() }

  /// Fails the flow after what was yielded. Only the first ending counts.
  @inlinable
  public func fail(_ error: any Error) { mailbox.finish(.failed(error)) }

  /// The number of elements that were asked for and not yielded yet.
  public var demand: Int { mailbox.outstandingDemand }

  /// Calls `action` whenever the consumer asks for elements. Set it once.
  public func onRequest(_ action: @escaping @Sendable () -> Void) { mailbox.setOnRequest(action) }

  /// Calls `action` once when the run ends in any way: completion, failure, or because the consumer left.
  public func onCancel(_ action: @escaping @Sendable () -> Void) { mailbox.onEnd(action) }
}
