// tmp
import FlowTesting
import Flows
import Testing

@Suite struct DrawTests {
  @Test func `draws`() throws {
    func show<O: Sendable>(_ d: String, _ f: (MarbleSources) throws -> Flow<O>) throws { print(try draw(d, f)); print() }
    try show("""
      source      -1-x-3-|
      compactMap  -
      """) { $0["source"].compactMap { Int($0) } }
    try show("""
      source        -1-2-3-|
      scan(0) {+}   -
      """) { $0.ints("source").scan(0) { $0 + $1 } }
    try show("""
      source               -a-b---c-|
      reductions(into: "") -
      """) { $0["source"].reductions(into: "") { $0 += $1 } }
    try show("""
      source     -a--b--------|
      a          1-2-3|
      b          4-5|
      concatMap  -
      """) { s in let f = ["a": s["a"], "b": s["b"]]; return s["source"].concatMap { f[$0]! } }
    try show("""
      source      -a-b------|
      a           1--2--3|
      b           4--5|
      flatMap(2)  -
      """) { s in let f = ["a": s["a"], "b": s["b"]]; return s["source"].flatMap(maxConcurrent: 2) { f[$0]! } }
    try show("""
      source         -a---b---|
      a              1--2--3|
      b              4--5|
      flatMapLatest  -
      """) { s in let f = ["a": s["a"], "b": s["b"]]; return s["source"].flatMapLatest { f[$0]! } }
    try show("""
      source     -a-b---c-d---e|
      chunks(2)  ---
      """) { $0["source"].chunks(ofCount: 2) }
    try show("""
      source       -a-b-#
      materialize  -
      """) { $0["source"].materialize() }
    try show("""
      a       -1-2-|
      b       -3-4-|
      append  -
      """) { $0["a"].append($0["b"]) }
    try show("""
      a    -1-2---3-|
      b    ---a-b-|
      zip  -
      """) { $0["a"].zip($0["b"]).map { $0 + $1 } }
    try show("""
      a              -1-----2---|
      b              ---a-b---|
      combineLatest  -
      """) { $0["a"].combineLatest($0["b"]).map { $0 + $1 } }
    try show("""
      source      -1---2---3-4-|
      other       --a------b-|
      withLatest  -
      """) { $0["source"].withLatest(from: $0["other"]).map { $0 + $1 } }
    try show("""
      a     ---1-2-|
      b     --3-4--5|
      race  -
      """) { $0["a"].race(with: $0["b"]) }
    try show("""
      a      -1---2-|
      b      --3----4-|
      merge  -13--2-4-|
      """) { $0["a"].merge(with: $0["b"]) }
    try show("""
      source       -a---b---|
      asyncMap     ---A---B-|
      """) { $0["source"].asyncMap { $0.uppercased() } }
  }
}
