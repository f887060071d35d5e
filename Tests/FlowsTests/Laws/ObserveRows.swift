// The laws of Observe.
import FlowTesting
import Flows

enum ObserveRows {
  enum Trace {
    @TaskLocal static var id = 0
  }

  struct Tenant: FlowContextKey {
    static let defaultValue = 0
  }

  static let all: [LawRow] = [
    .operator("scheduler") { source, law in source.scheduler(law.time) },
    .operator("handleEvents") { source, law in
      source.handleEvents(
        receiveSubscription: { law.note(()) }, receiveOutput: { _ = try law.call($0) },
        receiveCompletion: { _ = try law.call($0) }, receiveCancel: { law.note(()) },
        receiveRequest: { _ = try law.call($0) }, onEnd: { _ = law.note($0) })
    },
    .operator("onValue") { source, law in source.onValue { _ = try law.call($0) } },
    .operator("onError") { source, law in source.onError { _ = try law.call($0) } },
    .operator("onCompletion") { source, law in source.onCompletion { _ = try law.call(()) } },
    .operator("onCancel") { source, law in source.onCancel { law.note(()) } },
    .operator("onRequest") { source, law in source.onRequest { _ = try law.call($0) } },
    // It wraps what it passes on.
    .operator("checkpoint", failures: .handled) { source, _ in source.checkpoint("here") },
    .operator("tagged") { source, _ in source.tagged("key", "value") },
    .operator("metrics") { source, law in source.metrics { _ = law.note($0) } },
    .operator("metrics(into:)") { source, _ in source.metrics(into: FlowMeter()) },
    .operator("traced") { source, _ in source.traced(Spans()) },
    .operator("breakpoint") { source, law in
      source.breakpoint(receiveSubscription: { false }, receiveOutput: { _ in law.note(false) })
    },
    // A failure that came there would end the test.
    .operator("breakpointOnError", ends: .whenAsked) { source, _ in
      source.materialize().breakpointOnError().dematerialize()
    },
    .operator("finally") { source, law in source.finally { _ = law.note($0) } },
    .operator("named") { source, _ in source.named("source") },
    .operator("onDiscard") { source, law in source.onDiscard(of: Int.self) { value, _ in _ = law.note(value) }
    },
    .operator("onDrop") { source, law in source.onDrop(of: Int.self) { _ = law.note($0) } },
    .operator("print") { source, law in source.print("source") { _ = law.note($0) } },
    .operator("trace") { source, law in source.trace("source") { _ = law.note($0) } },
    .operator("trace(into:)") { source, _ in source.trace("source", into: TraceReport()) },
    .operator("trace(into: nil)") { source, _ in source.trace("source", into: nil) },
    .operator("carrying") { source, _ in source.carrying(Trace.$id) },
    .operator("withValue") { source, _ in source.withValue(7, for: Tenant.self) },
    .source("reading") { law in
      .reading(Tenant.self) { .just(try law.call($0)) }.withValue(7, for: Tenant.self)
    },
  ]
}
