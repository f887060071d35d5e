// Many streams at a time, from a server in a process of its own: what reading them costs.
#if os(Linux)
  import CStreams
  import FlowHTTP
  import FlowProviders
  import Flows
  import Synchronization

  private let streams = 1000
  private let tokens = 200
  /// One token for each stream every so many microseconds.
  private let interval: Int32 = 20_000

  /// The bytes of the bodies of all streams, without the chunks' frames; as good as those with them for a half.
  private let expected = streams * tokens * 290

  /// A server in a process of its own.
  struct StreamServer {
    let process: Int32
    let port: Int32

    init(streams: Int, tokens: Int, interval: Int32) {
      var port: Int32 = 0
      process = streams_spawn(Int32(streams), Int32(tokens), interval, &port)
      self.port = port
    }

    func stop() { streams_kill(process) }

    /// A provider that talks to the server.
    func provider() -> HTTPProvider {
      var options = CurlTransport.Options()
      options.proxy = .none
      return HTTPProvider(
        OpenAIChat(OpenAIDialect(base: "http://127.0.0.1:\(port)")), over: CurlTransport(options))
    }
  }

  private let request = ChatRequest(model: "m", prompt: "hello")
  private let middle = Atomic<Int>(0)

  /// Runs all streams to their ends; the answer is how many tokens came.
  private func readAll(_ server: StreamServer) async -> Int {
    let provider = server.provider()
    let seen = Seen()
    return await withCheckedContinuation { continuation in
      for _ in 0..<streams {
        provider.stream(request).timeout(idle: .seconds(30)).subscribe { event in
          if event.text != nil { seen.count() }
        } onEnd: { end in
          if case .failed(let error) = end { print("streams: \(error)") }
          seen.end { continuation.resume(returning: $0) }
        }.detach()
      }
    }
  }

  /// Counts tokens and ends. All streams of a transport are driven by its one thread.
  private final class Seen: Sendable {
    private let tokens = Atomic<Int>(0)
    private let ended = Atomic<Int>(0)

    func count() {
      let count = tokens.wrappingAdd(1, ordering: .relaxed).newValue
      if count == streams * FlowBenchmarks.tokens / 2 { middle.store(heapBytes(), ordering: .relaxed) }
    }

    func end(_ all: (Int) -> Void) {
      if ended.wrappingAdd(1, ordering: .relaxed).newValue == streams { all(tokens.load(ordering: .relaxed)) }
    }
  }

  func manyStreams(_ table: Table) async {
    guard table.wants("streams") else { return }
    let server = StreamServer(streams: streams, tokens: tokens, interval: interval)
    defer { server.stop() }
    var figures: [[Double]] = [[], [], []]
    var memory: [[Double]] = [[], []]
    // The first turn of each warms up.
    for turn in 0...3 {
      var costs: [Double] = []
      func measure(_ body: () async -> Void) async -> Double {
        let before = heapBytes()
        middle.store(before, ordering: .relaxed)
        let start = streams_cpu()
        await body()
        costs.append(Double(streams_cpu() - start) / Double(streams * tokens))
        return Double(middle.load(ordering: .relaxed) - before) / Double(streams)
      }
      let note: @convention(c) () -> Void = { middle.store(heapBytes(), ordering: .relaxed) }
      _ = await measure { _ = streams_read_bare(server.port, Int32(streams), nil, expected, nil) }
      let theirs = await measure { _ = streams_read_curl(server.port, Int32(streams), nil, expected, note) }
      let mine = await measure {
        let count = await readAll(server)
        precondition(count == streams * tokens)
      }
      if turn == 0 { continue }
      for (index, cost) in costs.enumerated() { figures[index].append(cost) }
      memory[0].append(theirs)
      memory[1].append(mine)
    }
    for (name, baseline, index, target) in [
      ("streams", "libcurl with epoll, bytes counted", 1, 2.0),
      ("streams@epoll", "recv with epoll, bytes counted", 0, nil),
    ] as [(String, String, Int, Double?)] {
      table.add(
        Row(
          name: name, unit: "ns CPU/token", value: median(figures[2]), minimum: figures[2].min()!,
          baseline: baseline, baselineValue: median(figures[index]), target: target))
    }
    table.add(
      Row(
        name: "streams@memory", unit: "bytes/stream", value: median(memory[1]), minimum: memory[1].min()!,
        baseline: "libcurl with epoll", baselineValue: median(memory[0]), target: nil))
  }
#else
  func manyStreams(_ table: Table) async {}
#endif
