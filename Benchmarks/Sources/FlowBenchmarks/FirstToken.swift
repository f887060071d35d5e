// From the moment in which a server sends a token to the user's closure.
#if os(Linux)
  import CStreams
  import FlowHTTP
  import FlowProviders
  import Flows

  private let count = 2000

  /// How long the tokens took that came, in nanoseconds. Touched by one thread at a time.
  nonisolated(unsafe) private var delays: [Double] = []

  private func quantile(_ part: Double) -> Double {
    let sorted = delays.sorted()
    return sorted[Int(Double(sorted.count - 1) * part)]
  }

  private func measure(_ body: () async -> Void) async -> (p50: Double, p99: Double) {
    delays = []
    delays.reserveCapacity(count)
    await body()
    // Tokens that came in one read count once.
    precondition(delays.count > count / 2, "first-token: \(delays.count) tokens of \(count)")
    return (quantile(0.5), quantile(0.99))
  }

  func firstToken(_ table: Table) async {
    guard table.wants("first-token") else { return }
    let server = StreamServer(streams: 1, tokens: count, interval: 1000)
    defer { server.stop() }
    let sink: streams_sink = { bytes, size in
      let now = streams_now()
      let sent = streams_sent_at(bytes, size)
      if sent > 0 { delays.append(Double(now - sent)) }
    }
    var rows: [[(p50: Double, p99: Double)]] = [[], [], []]
    for turn in 0...3 {
      let bare = await measure { _ = streams_read_bare(server.port, 1, sink, 0, nil) }
      let curl = await measure { _ = streams_read_curl(server.port, 1, sink, 0, nil) }
      let mine = await measure {
        let provider = server.provider()
        await withCheckedContinuation { continuation in
          provider.stream(ChatRequest(model: "m", prompt: "hello")).subscribe { event in
            guard let text = event.text, let sent = Int64(text) else { return }
            delays.append(Double(streams_now() - sent))
          } onEnd: { _ in
            continuation.resume()
          }.detach()
        }
      }
      if turn > 0 { for (index, row) in [bare, curl, mine].enumerated() { rows[index].append(row) } }
    }
    for (suffix, pick) in [("", { $0.p50 }), ("@p99", { $0.p99 })]
      as [(String, ((p50: Double, p99: Double)) -> Double)]
    {
      let mine = rows[2].map(pick)
      for (index, name) in ["recv with epoll", "libcurl with epoll"].enumerated() {
        table.add(
          Row(
            name: "first-token" + suffix + (index == 1 ? "-curl" : ""), unit: "ns", value: median(mine),
            minimum: mine.min()!, baseline: name, baselineValue: median(rows[index].map(pick)), target: nil))
      }
    }
  }
#else
  func firstToken(_ table: Table) async {}
#endif
