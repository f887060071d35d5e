// Measures a workload and its baseline by turns, and prints both.
import CHeap

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One line of the table: a workload, and what it is held against.
struct Row {
  var name: String
  var unit: String
  var value: Double
  var minimum: Double
  var baseline: String
  var baselineValue: Double
  var target: Double?

  var ratio: Double { value / baselineValue }
}

/// Collects rows, and prints each as soon as it is known.
final class Table {
  private(set) var rows: [Row] = []
  private let filter: String?

  init(only filter: String?) { self.filter = filter }

  func wants(_ name: String) -> Bool {
    guard let filter else { return true }
    return name == filter || name.hasPrefix(filter + "-") || name.hasPrefix(filter + "@")
  }

  func add(_ row: Row) {
    if rows.isEmpty {
      print("| name | median | minimum | unit | baseline | baseline median | ratio | target |")
      print("|---|---:|---:|---|---|---:|---:|---:|")
    }
    rows.append(row)
    let target = row.target.map { "≤ \(format($0))" } ?? ""
    print(
      "| `\(row.name)` | \(format(row.value)) | \(format(row.minimum)) | \(row.unit) | \(row.baseline)",
      "| \(format(row.baselineValue)) | \(format(row.ratio)) | \(target) |")
  }

  /// Times `body` and `baseline` by turns, so that both meet the same weather.
  ///
  /// - Parameter count: how many elements one call handles; figures are nanoseconds per element.
  func compare(
    _ name: String, per unit: String = "element", count: Int, samples: Int = 15, target: Double? = nil,
    baseline: String, _ baselineBody: () async throws -> Int, _ body: () async throws -> Int
  ) async rethrows {
    guard wants(name) else { return }
    let (mine, theirs) = try await measure(name, count: count, samples: samples, baselineBody, body)
    add(
      Row(
        name: name, unit: "ns/\(unit)", value: median(mine), minimum: mine.min()!, baseline: baseline,
        baselineValue: median(theirs), target: target))
  }

  /// The times of `body` and of its baseline, and the proof that they come to the same.
  func measure(
    _ name: String, count: Int, samples: Int, _ baselineBody: () async throws -> Int,
    _ body: () async throws -> Int
  ) async rethrows -> (mine: [Double], theirs: [Double]) {
    var mine: [Double] = []
    var theirs: [Double] = []
    // The first turn of each warms up.
    for turn in 0...samples {
      let (a, resultA) = try await time(count, baselineBody)
      let (b, resultB) = try await time(count, body)
      precondition(resultA == resultB, "\(name): \(resultB), but the baseline says \(resultA)")
      if turn == 0 { continue }
      theirs.append(a)
      mine.append(b)
    }
    return (mine, theirs)
  }

  /// Keeps a row that is shown elsewhere.
  func keep(_ row: Row) { rows.append(row) }

  private func time(_ count: Int, _ body: () async throws -> Int) async rethrows -> (Double, Int) {
    let start = ContinuousClock.now
    let result = try await body()
    return (nanoseconds(ContinuousClock.now - start) / Double(count), result)
  }

  /// The rows as JSON: an array of `{name, unit, value, baseline, baselineValue, ratio}`.
  var json: String {
    let objects = rows.map {
      """
        {"name": "\($0.name)", "unit": "\($0.unit)", "value": \($0.value), "baseline": "\($0.baseline)", \
      "baselineValue": \($0.baselineValue), "ratio": \($0.ratio)}
      """
    }
    return "[\n" + objects.joined(separator: ",\n") + "\n]\n"
  }
}

func nanoseconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) * 1e9 + Double(duration.components.attoseconds) / 1e9
}

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

func format(_ value: Double) -> String {
  let digits = value < 10 ? 100.0 : value < 100 ? 10 : 1
  let rounded = (value * digits).rounded() / digits
  return digits == 1 ? "\(Int(rounded))" : "\(rounded)"
}

/// Keeps the optimiser from knowing a number.
@inline(never) @_optimize(none)
func opaque(_ value: Int) -> Int { value }

/// The bytes that are allocated on the heap now.
func heapBytes() -> Int { Int(heap_bytes()) }

func write(_ text: String, to path: String) {
  guard let file = fopen(path, "w") else {
    print("cannot write \(path)")
    exit(1)
  }
  fputs(text, file)
  fclose(file)
}
