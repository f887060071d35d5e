// A configuration that changes while the program runs.
import FlowTesting
import Flows
import Testing

@testable import FlowProviders

@Suite struct ConfigurationStoreTests {
  let time = VirtualTime()
  private let file = PlayedFile(#"{"providers":{"ollama":{"model":"a"}}}"#)

  private func store(audit: AuditLog? = nil) throws -> ConfigurationStore {
    try ConfigurationStore(file.source, audit: audit, lookingEvery: .seconds(2))
  }

  private func text(_ change: ConfigurationChange) -> String {
    switch change {
    case .applied(let configuration, let differences):
      "\(configuration.provider(named: "ollama")?.model ?? "-") "
        + differences.map(\.description).joined(separator: ";")
    case .refused(let errors): "refused \(errors)"
    case .unlogged(_, let reason): "unlogged \(reason)"
    }
  }

  @Test func `a changed file is read when it has come to rest, and its changes are told`() throws {
    let store = try store()
    let seen = store.changes.map(text).record(in: time)
    time.advance(by: .seconds(5))
    file.write(#"{"providers":{"ollama":{"model":"b"}}}"#)
    time.advance(by: .seconds(1))
    // Seen for the first time: perhaps somebody is still writing.
    #expect(store.current.provider(named: "ollama")?.model == "a")
    time.advance(by: .seconds(2))
    try seen.expect("b providers.ollama.model: a → b (played.json:1:33)", at: .seconds(8))
    #expect(store.current.provider(named: "ollama")?.model == "b")
    time.advance(by: .seconds(600))
    try seen.done()
    #expect(file.reads == 2)
    seen.cancel()
    #expect(time.pendingTimers == 0)
  }

  @Test func `a bad file is refused and told once, and the old configuration stays`() throws {
    let store = try store()
    let seen = store.changes.map(text).record(in: time)
    file.write(#"{"providers":{"ollama":{"modle":"b"}}}"#)
    time.advance(by: .seconds(60))
    let all = seen.elements
    #expect(all.count == 1)
    #expect(
      all.first?.hasPrefix("refused played.json:1:25: providers.ollama.modle: there is no such key") == true)
    #expect(store.current.provider(named: "ollama")?.model == "a")
    file.write(#"{"providers":{"ollama":{"model":"c"}}}"#)
    time.advance(by: .seconds(60))
    #expect(seen.elements.count == 2)
    #expect(store.current.provider(named: "ollama")?.model == "c")
  }

  @Test func `a file that is gone, or half written, changes nothing`() throws {
    let store = try store()
    let seen = store.changes.map(text).record(in: time)
    file.write(nil)
    time.advance(by: .seconds(2))
    file.write(#"{"providers":"#)
    time.advance(by: .seconds(2))
    file.write(#"{"providers":{"ollama":{"model":"d"}}}"#)
    time.advance(by: .seconds(4))
    try seen.expect("d providers.ollama.model: a → d (played.json:1:33)")
    file.write(nil)
    time.advance(by: .seconds(4))
    try seen.expect("refused played.json:1:1: it cannot be read: it is gone")
    #expect(store.current.provider(named: "ollama")?.model == "d")
  }

  @Test func `a file that is touched but says the same is no change`() throws {
    let store = try store()
    let seen = store.changes.map(text).record(in: time)
    file.write(#"{"providers": {"ollama": {"model": "a"} } }"#)
    time.advance(by: .seconds(10))
    try seen.done()
  }

  @Test func `the file is looked at while anybody listens, once for all of them`() throws {
    let store = try store()
    time.advance(by: .seconds(100))
    #expect(file.looks == 1)
    let one = store.changes.record(in: time)
    // Without demand it is looked at all the same.
    let two = store.changes.record(in: time, demand: 0)
    time.advance(by: .seconds(10))
    #expect(file.looks == 6)
    one.cancel()
    file.write(#"{"providers":{"ollama":{"model":"b"}}}"#)
    time.advance(by: .seconds(10))
    #expect(store.current.provider(named: "ollama")?.model == "b")
    two.request(1)
    #expect(two.elements.count == 1)
    two.cancel()
    #expect(time.pendingTimers == 0)
  }

  @Test func `what is set at run time stands above the file, until it is taken back`() throws {
    let store = try store()
    let seen = store.changes.map(text).record(in: time)
    let path: ConfigurationPath = "providers.ollama.model"
    #expect(try store.set(path, to: "r", by: "me").map(\.new) == ["r"])
    try seen.expect("r providers.ollama.model: a → r (run time)")
    file.write(#"{"providers":{"ollama":{"model":"b"}}}"#)
    #expect(try store.reload().isEmpty)
    #expect(store.current[path] == .text("r"))
    #expect(throws: ConfigurationErrors.self) { try store.set(path, to: 7, by: "me") }
    #expect(store.current[path] == .text("r"))
    try store.set(path, to: nil, by: "me")
    #expect(store.current[path] == .text("b"))
    #expect(seen.elements.count == 3)
  }

  @Test func `a store that is let go ends its changes`() throws {
    var store: ConfigurationStore? = try store()
    let seen = store?.changes.record(in: time)
    time.advance(by: .seconds(5))
    store = nil
    time.advance(by: .seconds(2))
    try seen?.expectFinished()
    #expect(time.pendingTimers == 0)
  }

  @Test func `who changes what at the same time loses nothing`() async throws {
    let store = try store()
    await withTaskGroup { group in
      for number in 0..<8 {
        group.addTask {
          for turn in 1...20 {
            let path: ConfigurationPath = ["providers", "p\(number)", "limits", "connect"]
            _ = try? store.set(path.kind, to: "ollama", by: "\(number)")
            _ = try? store.set(path, to: .string("\(turn)s"), by: "\(number)")
          }
        }
      }
    }
    #expect(store.current.providers.count == 9)
    #expect(store.current.providers.dropFirst().allSatisfy { $0.limits.connect == .seconds(20) })
  }

  @Test func `changes are written into the log, without secrets, and a log that fails is told`() throws {
    let folder = try TemporaryFolder()
    let log = AuditLog(folder.path("audit"), clock: { 0 })
    let store = try store(audit: log)
    let seen = store.changes.map(text).record(in: time)
    try store.set("providers.ollama.key", to: "command:show topsecret", by: "me")
    try store.set("providers.ollama.model", to: "sk-0123456789abcdef", by: "me")
    let written = try folder.read("audit")
    #expect(!written.contains("topsecret") && !written.contains("0123456789"))
    #expect(written.contains(#""who":"me","path":"providers.ollama.key","old":null,"new":"command:show""#))
    #expect(try log.verify().lines == 2)
    try folder.set(0o644, of: "audit")
    try store.set("providers.ollama.model", to: "x", by: "me")
    #expect(seen.elements.last?.hasPrefix("unlogged") == true)
    #expect(store.current.provider(named: "ollama")?.model == "x")
  }

  @Test func `a real file is read, and a missing one is told`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("flow.json", #"{"providers":{"ollama":{"model":"a"}}}"#)
    let store = try ConfigurationStore(file: path)
    #expect(store.current.provider(named: "ollama")?.model == "a")
    let before = LocalFile(path).stamp
    try folder.write("flow.json", #"{"providers":{"ollama":{"model":"bb"}}}"#)
    #expect(LocalFile(path).stamp != before)
    #expect(try store.reload().count == 1)
    let error = #expect(throws: ConfigurationErrors.self) { try ConfigurationStore(file: folder.path("no")) }
    #expect(error?.problems.first?.message == "it cannot be read: No such file or directory")
  }
}

extension ConfigurationPath {
  fileprivate var kind: ConfigurationPath { ["providers", keys[1], "kind"] }
}

/// A file that a test writes.
private final class PlayedFile: Sendable {
  private struct Content: Sendable {
    var text: String?
    var number: UInt64 = 0
    var reads = 0
    var looks = 0
  }

  private let content = Latest<Content>()

  init(_ text: String) { content.value = Content(text: text) }

  var reads: Int { content.value?.reads ?? 0 }
  var looks: Int { content.value?.looks ?? 0 }

  func write(_ text: String?) {
    content.change {
      $0.text = text
      $0.number += 1
    }
  }

  var source: ConfigurationSource {
    ConfigurationSource(name: "played.json") { [content] in
      content.change { $0.looks += 1 }
      guard let now = content.value, now.text != nil else { return nil }
      return LocalFile.Stamp(seconds: 0, nanoseconds: 0, size: 0, file: now.number)
    } bytes: { [content] in
      content.change { $0.reads += 1 }
      guard let text = content.value?.text else { throw Missing("it is gone") }
      return Array(text.utf8)
    }
  }
}
