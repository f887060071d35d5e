// Who keeps keys, and to whom they are given.
import Flows
import Foundation
import Testing

@testable import FlowProviders

@Suite(.timeLimit(.minutes(10))) struct CredentialStoreTests {
  private func reference(_ text: String) throws -> CredentialReference {
    try #require(CredentialReference(text))
  }

  private func reason(
    _ store: some CredentialStore, _ text: String, _ place: SourceLocation = #_sourceLocation
  ) async throws -> String {
    let reference = try reference(text)
    let error = await #expect(throws: CredentialError.self, sourceLocation: place) {
      try await store.require(reference)
    }
    return error?.reason ?? ""
  }

  @Test(arguments: [
    "sk-0123", "env:", "env:1A", "env:A-B", "env:sk-abc", "vault:x", "", ":", "file:", "command: ",
    "file:a\nb",
  ])
  func `what names no place is no reference`(text: String) {
    #expect(CredentialReference(text) == nil)
  }

  @Test func `a place has a keeper and a name`() throws {
    #expect(try reference("env:A_1").name == "A_1")
    #expect(try reference("file:~/a:b").name == "~/a:b")
    let command = try reference("command:pass show me")
    #expect("\(command)" == "command:pass")
    #expect(CredentialReference("vault:x", schemes: ["vault"])?.scheme == "vault")
  }

  @Test func `a variable holds a key, or is not set, or empty`() async throws {
    let store = EnvironmentCredentials(["A": " k-1\n", "B": "  ", "C": "a\nb"])
    #expect(try await store.require(reference("env:A")).revealed == "k-1")
    #expect(try await reason(store, "env:B") == "it is empty")
    #expect(try await reason(store, "env:C") == "it is no single line of text")
    #expect(try await reason(store, "env:D") == "it is not set")
    #expect(try await store.secret(for: reference("file:x")) == nil)
  }

  @Test func `a file is read when it is nobody else's business`() async throws {
    let folder = try TemporaryFolder()
    let store = FileCredentials(home: folder.path(""))
    let path = try folder.write("key", "k-1\n")
    #expect(try await store.require(reference("file:\(path)")).revealed == "k-1")
    #expect(try await store.require(reference("file:~/key")).revealed == "k-1")
    try folder.set(0o400, of: "key")
    #expect(try await store.require(reference("file:\(path)")).revealed == "k-1")
  }

  @Test(arguments: [0o640, 0o604, 0o660, 0o610, 0o601, 0o644, 0o777])
  func `a file that others may read or write is refused`(mode: Int) async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("key", "k-1", mode: mode)
    #expect(try await reason(FileCredentials(), "file:\(path)").contains("chmod 600"))
  }

  @Test func `what is no private file is refused`() async throws {
    let folder = try TemporaryFolder()
    let store = FileCredentials()
    #expect(try await reason(store, "file:\(folder.path("none"))") == "No such file or directory")
    #expect(try await reason(store, "file:\(folder.path(""))") == "it is no file")
    #expect(try await reason(store, "file:/dev/null") == "it is no file")
    #expect(mkfifo(folder.path("pipe"), 0o600) == 0)
    #expect(try await reason(store, "file:\(folder.path("pipe"))") == "it is no file")
    let long = try folder.write("long", String(repeating: "k", count: 100_000))
    #expect(try await reason(store, "file:\(long)") == "it is longer than 65536 bytes")
    let empty = try folder.write("empty", "\n")
    #expect(try await reason(store, "file:\(empty)") == "it is empty")
    #expect(try await reason(store, "file:~/key") == "nobody knows where home is")
  }

  @Test func `a file of somebody else is refused`() async throws {
    // Only root can give a file away.
    guard geteuid() == 0 else { return }
    let folder = try TemporaryFolder()
    let path = try folder.write("key", "k-1")
    #expect(chown(path, 65534, 65534) == 0)
    #expect(try await reason(FileCredentials(), "file:\(path)") == "it belongs to somebody else")
  }

  @Test func `a key that is kept replaces the old one as a whole, for its owner alone`() async throws {
    let folder = try TemporaryFolder()
    let key = try reference("file:\(folder.path("key"))")
    try folder.write("key", "old", mode: 0o644)
    let before = LocalFile(folder.path("key")).stamp?.file
    try FileCredentials().keep("new", for: key)
    #expect(try await FileCredentials().require(key) == "new")
    #expect(try folder.mode(of: "key") == 0o600)
    // Another file in its place, and none left beside it.
    #expect(LocalFile(folder.path("key")).stamp?.file != before)
    #expect(folder.names == ["key"])
    #expect(throws: CredentialError.self) {
      try FileCredentials().keep("new", for: try reference("file:\(folder.path("no/key"))"))
    }
  }

  @Test func `readers see the old key or the new one, never half of one`() async throws {
    let folder = try TemporaryFolder()
    let key = try reference("file:\(folder.path("key"))")
    let keys = ["a", "b"].map { Secret(String(repeating: $0, count: 30_000)) }
    try FileCredentials().keep(keys[0], for: key)
    try await withThrowingTaskGroup { group in
      group.addTask {
        for turn in 0..<100 { try FileCredentials().keep(keys[turn % 2], for: key) }
      }
      for _ in 0..<2 {
        group.addTask {
          for _ in 0..<200 {
            let found = try await FileCredentials().require(key)
            #expect(keys.contains(found))
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test func `a program tells a key, and no shell hears of it`() async throws {
    let folder = try TemporaryFolder()
    let store = CommandCredentials(environment: ["PATH": "/usr/bin:/bin", "WORD": "k-1"])
    let program = try folder.program("tell", #"echo noise >&2; printf '%s|' "$WORD" "$@""#)
    let said = try await store.require(reference(#"command:\#(program) 'a b' "$HOME" ; c\ d * "e\"f" ''"#))
    #expect(said.revealed == #"k-1|a b|$HOME|;|c d|*|e"f||"#)
    #expect(try await store.require(reference("command:echo k-2")).revealed == "k-2")
  }

  @Test func `a program that fails is told by its status, and not by what it said`() async throws {
    let folder = try TemporaryFolder()
    let store = CommandCredentials(environment: [:])
    let program = try folder.program("fail", "echo sk-canary; echo sk-canary >&2; exit 3")
    #expect(try await reason(store, "command:\(program)") == "\(program) has failed with exit status 3")
    let killed = try folder.program("killed", "kill -9 $$")
    #expect(try await reason(store, "command:\(killed)") == "\(killed) was ended by signal 9")
    let none = folder.path("none")
    #expect(try await reason(store, "command:\(none)") == "\(none) cannot be run: No such file or directory")
    #expect(try await reason(store, "command:'open") == "it is no command: a quote has no other")
    let silent = try folder.program("silent", "exit 0")
    #expect(try await reason(store, "command:\(silent)") == "it is empty")
  }

  @Test func `a program that takes too long, or says too much, is killed with all that it has started`()
    async throws
  {
    let folder = try TemporaryFolder()
    let store = CommandCredentials(environment: ["PATH": "/usr/bin:/bin"], timeout: .milliseconds(300))
    let program = try folder.program("slow", "sleep 600 & echo $! > \(folder.path("pid")); wait")
    #expect(try await reason(store, "command:\(program)") == "\(program) has not answered within 300ms")
    let child = try #require(pid_t(try folder.read("pid").trimmed))
    // Its parent is gone, so whoever collects orphans does.
    while kill(child, 0) == 0 && !isZombie(child) { sched_yield() }
    // It closes its output, and goes on.
    let deaf = try folder.program("deaf", "exec >&-; exec sleep 600")
    #expect(try await reason(store, "command:\(deaf)") == "\(deaf) has not ended within 300ms")
    let patient = CommandCredentials(environment: ["PATH": "/usr/bin:/bin"])
    #expect(try await reason(patient, "command:yes").hasSuffix("has said more than 65536 bytes"))
  }

  private func isZombie(_ process: pid_t) -> Bool {
    (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8))?.contains(") Z ") ?? false
  }

  @Test func `a cancelled task waits for no program`() async throws {
    let store = CommandCredentials(environment: ["PATH": "/usr/bin:/bin"], timeout: .seconds(600))
    let slow = try reference("command:sleep 600")
    let task = Task { try await store.require(slow) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func `in a chain the first who keeps a key answers, or says why not`() async throws {
    let chain = CredentialChain([
      EnvironmentCredentials(["A": "1"]), EnvironmentCredentials(["A": "2", "B": "3"]),
    ])
    #expect(try await chain.require(reference("env:A")) == "1")
    #expect(try await reason(chain, "env:B") == "it is not set")
    #expect(try await reason(chain, "file:x") == "nobody here keeps such keys")
    #expect(try await CredentialChain.standard(["A": "1"]).require(reference("env:A")) == "1")
  }
}
