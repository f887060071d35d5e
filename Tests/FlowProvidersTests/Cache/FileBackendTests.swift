// Answers in files.
import Flows
import Testing

@testable import FlowProviders

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite struct FileBackendTests {
  private let folder: TemporaryFolder
  private let key = CacheKey(digest: "a1")
  private var path: String { folder.path("answers") }

  init() throws { folder = try TemporaryFolder() }

  @Test func `two processes share a folder`() async throws {
    let (a, b) = (FileBackend(folder: path), FileBackend(folder: path))
    try await a.put([1], for: key, timeToLive: nil)
    #expect(try await b.get(key)?.bytes == [1])
    let lease = try await b.acquireLease(for: key, lasting: .seconds(60))
    #expect(lease != nil)
    #expect(try await a.acquireLease(for: key, lasting: .seconds(60)) == nil)
  }

  @Test func `nobody else can read it`() async throws {
    let backend = FileBackend(folder: path)
    try await backend.put([1], for: key, timeToLive: nil)
    _ = try await backend.acquireLease(for: key, lasting: .seconds(60))
    #expect(mode(path) == 0o700)
    for name in try LocalFolder(path).names() { #expect(mode(path + "/" + name) == 0o600) }
  }

  @Test func `what somebody else can write is not believed`() async throws {
    let backend = FileBackend(folder: path)
    try await backend.put([1], for: key, timeToLive: nil)
    chmod(path + "/a1.answer", 0o666)
    await #expect(throws: LocalFile.Failure.self) { try await backend.get(key) }
  }

  @Test func `what was used longest ago goes, and what the dead left`() async throws {
    let backend = FileBackend(folder: path, maxBytes: 10_000)
    try await backend.put([1], for: key, timeToLive: nil)
    let files = LocalFolder(path)
    // A writer died in the middle, long ago.
    try files["b2.answer.Xy12Zw"].replace(with: [1])
    age(path + "/b2.answer.Xy12Zw", by: 7200)
    for number in 0..<20 {
      try await backend.put(
        Array(repeating: 0, count: 1000), for: CacheKey(digest: "k\(number)"), timeToLive: nil)
      age(path + "/k\(number).answer", by: 1000 - number)
      _ = try await backend.get(key)
    }
    #expect(try await backend.get(key)?.bytes == [1])
    #expect(try await backend.get(CacheKey(digest: "k0")) == nil)
    #expect(try await backend.get(CacheKey(digest: "k19")) != nil)
    let names = try files.names()
    #expect(!names.contains("b2.answer.Xy12Zw"))
    let bytes = names.compactMap { files[$0].stamp?.size }.reduce(0, +)
    #expect(bytes <= 11_000)
  }

  @Test(arguments: [[], Array("torn".utf8), Array("{\"start\":1}\n{\"answer\":1,".utf8)] as [[UInt8]])
  func `what was torn is dropped and told of, and the provider is asked`(bytes: [UInt8]) async throws {
    let request = ChatRequest(model: "m", prompt: "a")
    let key = CacheKey(request, provider: "counting")
    let (cache, provider) = (patient(path), CountingProvider())
    try LocalFolder(path).make()
    try LocalFolder(path)["\(key).answer"].replace(with: bytes)
    let cached = provider.cached(by: cache)
    #expect(try await cached.complete(request).text == "1")
    #expect(cache.statistics.corrupt == 1)
    await cache.flush()
    let again = provider.cached(by: patient(path))
    #expect(try await again.complete(request).text == "1")
    #expect(provider.count == 1)
  }

  @Test func `a folder that cannot be made costs nobody an answer`() async throws {
    let cache = patient(folder.path("not") + "/there")
    let provider = CountingProvider()
    #expect(try await provider.cached(by: cache).complete(ChatRequest(model: "m", prompt: "a")).text == "1")
    await cache.flush()
    #expect(cache.statistics.backendFailures > 0)
    #expect(cache.statistics.entries == 1)
  }

  /// A cache that does not mind a busy machine.
  private func patient(_ path: String) -> ResponseCache {
    ResponseCache(backend: FileBackend(folder: path), sharing: CacheSharing(timeout: .seconds(600)))
  }

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    stat(path, &status)
    return status.st_mode & 0o777
  }

  private func age(_ path: String, by seconds: Int) {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    now.tv_sec -= seconds
    utimensat(AT_FDCWD, path, [now, now], 0)
  }
}
