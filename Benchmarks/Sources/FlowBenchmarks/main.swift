import Flows
@inline(never) func lazySeq(_ n: Int) -> Int { (0..<n).lazy.map { $0 &+ 1 }.filter { $0 & 1 == 0 }.map { $0 &* 3 }.reduce(0, &+) }
@inline(never) func flowA(_ n: Int) async throws -> Int {
  try await Flow.from(0..<n).map { $0 &+ 1 }.filter { $0 & 1 == 0 }.map { $0 &* 3 }.reduce(0, &+)
}
@inline(never) func handString(_ n: Int) -> Int { var s = 0; for i in 0..<n { let a = String(i); if a.utf8.count & 1 == 0 { s &+= (a + "x").utf8.count } }; return s }
@inline(never) func flowString(_ n: Int) async throws -> Int {
  try await Flow.from(0..<n).map { (i: Int) -> String in String(i) }.filter { (s: String) -> Bool in s.utf8.count & 1 == 0 }.map { (s: String) -> String in s + "x" }.reduce(0) { (a: Int, s: String) -> Int in a &+ s.utf8.count }
}
@inline(never) func s1(_ n: Int) -> Flow<Int> { Flow.from(0..<n) }
@inline(never) func s2(_ f: Flow<Int>) -> Flow<Int> { f.map { $0 &+ 1 } }
@inline(never) func s3(_ f: Flow<Int>) -> Flow<Int> { f.filter { $0 & 1 == 0 } }
@inline(never) func s4(_ f: Flow<Int>) -> Flow<Int> { f.map { $0 &* 3 } }
@inline(never) func s5a(_ f: Flow<Int>) async throws -> Int { try await f.reduce(0, &+) }
@inline(never) @_optimize(none) func hide(_ n: Int) -> Int { n }
func timeA(_ name: String, _ n: Int, _ f: () async throws -> Int) async rethrows {
  var best = Double.infinity; var r = 0
  for _ in 0..<25 {
    let t = ContinuousClock.now; r = try await f(); let d = ContinuousClock.now - t
    let ns = (Double(d.components.attoseconds) / 1e9 + Double(d.components.seconds) * 1e9)  / Double(n)
    best = min(best, ns)
  }
  print(name, best, "ns/elem", r)
}
let n = 1_000_000
func go() async throws {
await timeA("lazy", n) { lazySeq(hide(n)) }
try await timeA("flow async", n) { try await flowA(hide(n)) }
try await timeA("opaque async", n) { try await s5a(s4(s3(s2(s1(hide(n)))))) }
await timeA("lazy", n) { lazySeq(hide(n)) }
await timeA("handS", n) { handString(hide(n)) }
try await timeA("flowS", n) { try await flowString(hide(n)) }
try await timeA("values", n) { var s = 0; for try await x in s1(hide(n)).values { s &+= x }; return s }
try await timeA("subscribe1", n) { var s = 0; for _ in 0..<n {  s &+= try await Flow.from(CollectionOfOne(1)).map { $0 &+ 1 }.filter { $0 & 1 == 0 }.reduce(0, &+) }; return s }
await timeA("subscribe1 cb", n) { nonisolated(unsafe) var s = 0; for _ in 0..<n {  _ = Flow.from(CollectionOfOne(1)).map { $0 &+ 1 }.filter { $0 & 1 == 0 }.subscribe { s &+= $0 } }; return s }
}
try await Task.detached { try await go() }.value
