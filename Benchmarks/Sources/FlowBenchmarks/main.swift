// Side by side with what a careful programmer would write by hand, in the same run:
//
//     swift run -c release --package-path Benchmarks FlowBenchmarks [--only NAME] [--json FILE]
#if os(Linux)
  import CStreams
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

var only: String?
var json: String?
var arguments = CommandLine.arguments.dropFirst()
while let argument = arguments.popFirst() {
  switch argument {
  case "--only": only = arguments.popFirst()
  case "--json": json = arguments.popFirst()
  #if os(Linux)
    case "--serve":
      // The server of `streams` and `first-token`, in a process of its own.
      let numbers = arguments.compactMap { Int32($0) }
      streams_serve(3, numbers[0], numbers[1], numbers[2])
  #endif
  default:
    print("usage: FlowBenchmarks [--only NAME] [--json FILE]")
    exit(argument == "--help" ? 0 : 2)
  }
}

// Top-level code runs on the main actor, where every hop costs microseconds: the work is done in the pool.
let rows = try await Task.detached { [only] in
  let table = Table(only: only)
  try await pipeline(table)
  try await pipelineString(table)
  try await traceOff(table)
  try await merge(table)
  try await hop(table)
  try await live(table)
  try await subscribe(table)
  try await timers(table)
  try await values(table)
  try await asyncIn(table)
  try await serverSentEvents(table)
  try await decode(table)
  try await operators(table)
  try await cache(table)
  await manyStreams(table)
  await firstToken(table)
  await overhead(table)
  try await batch(table)
  await firstOfSeveral(table)
  return (table.json, table.rows.count)
}.value

if let json { write(rows.0, to: json) }
if rows.1 == 0 {
  print("no benchmark is named \(only ?? "so")")
  exit(2)
}
