// The laws of Observe.
import FlowTesting
import Flows

enum ObserveRows {
  static let all: [LawRow] = [
    .operator("scheduler") { source, _ in source.scheduler(VirtualTime()) },
    .operator("handleEvents") { source, law in
      source.handleEvents(
        receiveSubscription: { _ = law.note(0) }, receiveOutput: { _ = try law.call($0) },
        receiveCompletion: { _ = law.note($0) }, receiveCancel: { _ = law.note(0) },
        receiveRequest: { _ = law.note($0) }, onEnd: { _ = law.note($0) })
    },
    .operator("onValue") { source, law in source.onValue { _ = try law.call($0) } },
    .operator("finally") { source, law in source.finally { _ = law.note($0) } },
    .operator("print") { source, law in source.print("line") { _ = law.note($0) } },
    .operator("named") { source, _ in source.named("name") },
    .operator("withValue") { source, _ in source.withValue(7, for: LawKey.self) },
    .operator("reading") { source, law in
      Flow.reading(LawKey.self) { addend in source.map { try law.call($0) + addend } }
    },
    .operator("onDiscard") { source, law in source.onDiscard(of: Int.self) { value, _ in _ = law.note(value) }
    },
    .operator("onDrop") { source, law in source.onDrop(of: Int.self) { _ = law.note($0) } },
    .operator("carrying") { source, law in
      source.map { try law.call($0) + LawLocal.addend }.carrying(LawLocal.$addend)
    },
    .operator("trace", depth: .shallow) { source, law in source.trace("line") { _ = law.note($0) } },
  ]
}

private enum LawKey: FlowContextKey { static let defaultValue = 1 }

private enum LawLocal {
  @TaskLocal static var addend = 1
}
