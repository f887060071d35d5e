// Work that blocks, for those who await it.
import Flows

extension Crew {
  /// Does `body` on a thread of the crew, as soon as one is free. A task that is cancelled does not wait any longer; what
  /// has begun goes on by itself.
  ///
  /// - Throws: what `body` throws; ``refusal`` when too much waits already; `CancellationError`.
  package func run<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
    let errand = Errand<R>()
    guard let ticket = take({ errand.settle(Result { try body() }) }) else { throw refusal }
    return try await withTaskCancellationHandler {
      await errand.wait()
      return try errand.outcome.get()
    } onCancel: {
      giveBack(ticket)
      errand.settle(.failure(CancellationError()))
    }
  }
}

/// What somebody waits for.
// All state is guarded by the lock.
private final class Errand<R: Sendable>: @unchecked Sendable {
  private let lock = Lock()
  private var result: Result<R, any Error>?
  private var waiter: Continuation?

  /// The first outcome counts.
  func settle(_ result: Result<R, any Error>) {
    let waiter = lock(self) { () -> Continuation? in
      if self.result != nil { return nil }
      self.result = result
      return self.waiter.take()
    }
    waiter?.resume()
  }

  func wait() async {
    await Continuation.suspend { continuation in
      let isSettled = lock(self) {
        if result != nil { return true }
        waiter = continuation
        return false
      }
      if isSettled { continuation.resume() }
    }
  }

  var outcome: Result<R, any Error> { lock(self) { result } ?? .failure(CancellationError()) }
}
