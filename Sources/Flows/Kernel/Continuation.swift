// A suspended consumer, resumed once.
import CSanitizer

/// An unsafe continuation whose hand-over ThreadSanitizer can see.
@usableFromInline
package final class Continuation: @unchecked Sendable {
  private let continuation: UnsafeContinuation<Void, Never>

  private init(_ continuation: UnsafeContinuation<Void, Never>) { self.continuation = continuation }

  @usableFromInline
  package func resume() {
    flows_sanitizer_release(Unmanaged.passUnretained(self).toOpaque())
    continuation.resume()
  }

  /// Suspends the caller until somebody resumes the continuation that `body` is given.
  package static func suspend(
    isolation: isolated (any Actor)? = #isolation, _ body: (Continuation) -> Void
  ) async {
    var mine: Continuation?
    await withUnsafeContinuation(isolation: isolation) { continuation in
      let new = Continuation(continuation)
      mine = new
      body(new)
    }
    if let mine { flows_sanitizer_acquire(Unmanaged.passUnretained(mine).toOpaque()) }
  }
}
