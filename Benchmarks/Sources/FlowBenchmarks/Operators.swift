// What one operator costs in a chain that is held as a `Flow`, beside a loop that does the same.
import Flows

/// An operator, and the loop that a careful programmer would write instead.
struct OperatorRow: Sendable {
  enum Kind: String, Sendable {
    /// A stage that is polled by the next.
    case inline
    /// Two runs and a hand-over, or several flows.
    case boundary

    /// How many nanoseconds per element it may cost above the loop.
    var limit: Double { self == .inline ? 5 : 60 }
  }

  let name: String
  let kind: Kind
  let byHand: @Sendable (Int) -> Int
  let flow: @Sendable (Int) async throws -> Int
}

/// An operator between a source and a sum, none of which sees into the others.
func row(
  _ name: String, _ kind: OperatorRow.Kind, _ byHand: @escaping @Sendable (Int) -> Int,
  _ build: @escaping @Sendable (Flow<Int>) -> Flow<Int>
) -> OperatorRow {
  OperatorRow(name: name, kind: kind, byHand: byHand) { count in try await sum(build(numbers(count))) }
}

/// A terminal behind a source.
func terminal(
  _ name: String, _ byHand: @escaping @Sendable (Int) -> Int,
  _ run: @escaping @Sendable (Flow<Int>) async throws -> Int
) -> OperatorRow {
  OperatorRow(name: name, kind: .inline, byHand: byHand) { count in try await run(numbers(count)) }
}

@inline(never) private func numbers(_ count: Int) -> Flow<Int> { .from(0..<count) }
@inline(never) private func sum(_ flow: Flow<Int>) async throws -> Int { try await flow.reduce(0, &+) }

/// The loop of the operators that change nothing.
@Sendable func sumByHand(_ count: Int) -> Int {
  var sum = 0
  for number in 0..<count { sum &+= number }
  return sum
}

/// Measures all rows, and lists them, the one nearest to its limit or furthest above it first: the best of seven turns,
/// because so many rows meet all sorts of weather.
func operators(_ table: Table) async throws {
  guard table.wants("operators") else { return }
  let count = 100_000
  var measured: [(row: OperatorRow, mine: Double, loop: Double)] = []
  for row in transformRows + selectRows + combineRows + otherRows + finishRows {
    let (mine, theirs) = try await table.measure(
      row.name, count: count, samples: 7, { row.byHand(opaque(count)) }, { try await row.flow(opaque(count)) }
    )
    measured.append((row, mine.min()!, theirs.min()!))
    table.keep(
      Row(
        name: "operators-\(row.name)", unit: "ns/element", value: median(mine), minimum: mine.min()!,
        baseline: "hand loop", baselineValue: median(theirs), target: nil))
  }
  measured.sort { ($0.mine - $0.loop) / $0.row.kind.limit > ($1.mine - $1.loop) / $1.row.kind.limit }
  print("| operator | class | ns per element | hand loop | above it | limit | |")
  print("|---|---|---:|---:|---:|---:|---|")
  for (row, mine, loop) in measured {
    let above = mine - loop
    print(
      "| `\(row.name)` | \(row.kind.rawValue) | \(format(mine)) | \(format(loop)) | \(format(above))",
      "| \(format(row.kind.limit)) | \(above > row.kind.limit ? "missed" : "") |")
  }
  let missed = measured.count { $0.mine - $0.loop > $0.row.kind.limit }
  print("\n\(measured.count) rows, \(missed) missed")
}
