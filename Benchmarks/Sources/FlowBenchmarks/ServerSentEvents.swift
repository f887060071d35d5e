// 64 MiB of server-sent events of 250 bytes, in chunks of 16 KiB, to event values.
import FlowHTTP
import Flows

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The chunks, cut wherever 16 KiB end.
private func chunks() -> [Bytes] {
  let head = Array(
    #"data: {"id":"chatcmpl-1","choices":[{"index":0,"delta":{"content":"a token"}}],"pad":""#.utf8)
  let tail = Array("\"}\n\n".utf8)
  let event = head + [UInt8](repeating: 0x78, count: 250 - head.count - tail.count) + tail
  let (size, chunk) = (64 << 20, 16 << 10)
  var bytes: [UInt8] = []
  bytes.reserveCapacity(size + event.count)
  while bytes.count < size { bytes += event }
  return stride(from: 0, to: bytes.count, by: chunk).map { start in
    Bytes(Array(bytes[start..<min(start + chunk, bytes.count)]))
  }
}

/// Finds every line feed; two end an event.
@inline(never)
private func scanned(_ chunks: [Bytes]) -> Int {
  var lines = 0
  for chunk in chunks {
    chunk.withUnsafeBytes { memory in
      guard var place = memory.baseAddress else { return }
      let end = place + memory.count
      while let found = memchr(place, 0x0A, place.distance(to: end)) {
        lines += 1
        place = UnsafeRawPointer(found) + 1
      }
    }
  }
  return lines / 2
}

@inline(never)
private func decoded(_ chunks: [Bytes]) async throws -> Int {
  try await Flow.from(chunks).serverSentEvents().reduce(0) { count, event in
    event.message?.isComplete == true ? count + 1 : count
  }
}

func serverSentEvents(_ table: Table) async throws {
  guard table.wants("sse") else { return }
  let chunks = chunks()
  try await table.compare(
    "sse", per: "event", count: scanned(chunks), target: 5, baseline: "a memchr scan of the same bytes",
    { scanned(chunks) }, { try await decoded(chunks) })
}
