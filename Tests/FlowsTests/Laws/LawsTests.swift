// Every operator keeps the laws.
import FlowTesting
import Foundation
import Testing

@Suite struct LawsTests {
  /// All rows, word by word.
  static let rows =
    BeginRows.all + TransformRows.all + SelectRows.all + CombineRows.all + TimeRows.all + PressureRows.all
    + RecoverRows.all + ShareRows.all + ObserveRows.all + FinishRows.all

  /// How many elements go through each operator at once: more than a stack has room for. `FLOWS_DEPTH` asks for
  /// more.
  static let depth = ProcessInfo.processInfo.environment["FLOWS_DEPTH"].flatMap { Int($0) } ?? 100_000

  @Test(arguments: rows)
  func `keeps the laws`(row: LawRow) throws {
    try row.check(depth: Self.depth)
  }
}
