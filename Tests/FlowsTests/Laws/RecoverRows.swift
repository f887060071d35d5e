// The laws of Recover.
import FlowTesting
import Flows

enum RecoverRows {
  static let all: [LawRow] = [
    .operator("catch", failures: .handled) { source, law in
      source.catch { _ in .just(try law.call(7)) }
    },
    .operator("replaceError", failures: .handled) { source, _ in source.replaceError(with: 7) },
    .operator("mapError", failures: .handled) { source, law in source.mapError { try law.call($0) } },
    .operator("errorBoundary", failures: .handled) { source, law in
      source.errorBoundary(label: "part") { _ in try law.call(.emit(7)) }
    },
    .operator("retry", failures: .handled) { source, _ in source.retry(2) },
    .operator("retry(policy)", failures: .handled) { source, _ in
      source.retry(RetryPolicy(maxAttempts: 3, backoff: .constant(.milliseconds(1))))
    },
    .operator("retry(after: .anything)", failures: .handled) { source, _ in
      source.retry(2, after: .anything)
    },
    .operator("retry(after: .resume)", failures: .handled) { source, law in
      source.retry(2, after: .resume { emitted in .just(try law.call(emitted.count)) })
    },
    .operator("repeat(2)") { source, _ in source.repeat(2) },
    .operator("repeat(while:)", ends: .whenAsked) { source, law in
      source.repeat(while: { try law.call(false) })
    },
  ]
}
