// Rows of a diagram, drawn.

/// What happened at which frame, in several rows that are drawn with their columns aligned.
struct MarblePicture {
  struct Row {
    let label: String
    /// What stands at which frame; several texts of one frame make a group.
    var cells: [Int: [String]] = [:]
    /// How long the row is when nothing ends it.
    var length = 0

    mutating func add(_ text: String, at frame: Int) { cells[frame, default: []].append(text) }

    /// Puts `text` before all else of its frame.
    mutating func insert(_ text: String, at frame: Int) { cells[frame, default: []].insert(text, at: 0) }

    /// Behind these there is nothing to draw.
    fileprivate var isEnded: Bool { lastCell?.contains { $0 == "|" || $0 == "#" || $0 == "!" } ?? false }
    fileprivate var lastCell: [String]? { cells.max { $0.key < $1.key }?.value }
    fileprivate var lastFrame: Int { cells.keys.max() ?? -1 }

    fileprivate func text(at frame: Int) -> String {
      guard let cell = cells[frame] else { return "" }
      return cell.count == 1 ? cell[0] : "(\(cell.joined()))"
    }
  }

  var rows: [Row] = []

  /// Gaps longer than this are drawn as a stretch.
  private static let longestGap = 40

  /// The diagram. Its columns are frames, unless things stand so near to each other that they need more width:
  /// then a line says so.
  var text: String {
    let frames = Set(rows.flatMap(\.cells.keys)).union(rows.map(\.length)).union([0]).sorted()
    let nameWidth = (rows.map(\.label.count).max() ?? 0) + 2
    var lines = rows.map { $0.label + String(repeating: " ", count: nameWidth - $0.label.count) }
    var isToScale = true
    for (index, frame) in frames.enumerated() {
      let width = rows.map { $0.text(at: frame).count }.max() ?? 0
      let gap = index + 1 < frames.count ? frames[index + 1] - frame : 0
      let space = Self.space(behind: width, gap)
      if gap > 0, width > gap { isToScale = false }
      for (place, row) in rows.enumerated() where goesOn(row, at: frame) {
        let text = row.text(at: frame)
        lines[place] += text
        if row.isEnded, frame == row.lastFrame { continue }
        lines[place] += String(repeating: "-", count: max(0, width - text.count)) + space
      }
    }
    if !isToScale { lines.append("(some columns are wider than their time)") }
    return lines.map { $0.trimmingEnd() }.joined(separator: "\n")
  }

  private func goesOn(_ row: Row, at frame: Int) -> Bool {
    row.isEnded ? frame <= row.lastFrame : frame <= max(row.lastFrame, row.length - 1)
  }

  private static func space(behind width: Int, _ gap: Int) -> String {
    let left = gap - width
    if left <= 0 { return "" }
    return left <= longestGap ? String(repeating: "-", count: left) : " \(left)ms "
  }
}

extension String {
  fileprivate func trimmingEnd() -> String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
