// Every operator keeps the laws.
import FlowTesting
import Testing

@Suite struct LawsTests {
  /// All rows, word by word.
  static let rows =
    BeginRows.all + TransformRows.all + SelectRows.all + CombineRows.all + TimeRows.all + PressureRows.all
    + RecoverRows.all + ShareRows.all + ObserveRows.all + FinishRows.all

  @Test(arguments: rows)
  func `keeps the laws`(row: LawRow) throws {
    try row.check(depth: 1000)
  }
}
