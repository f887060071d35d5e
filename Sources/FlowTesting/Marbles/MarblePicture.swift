// Rows of a diagram, drawn.

/// What happened when a diagram was run, as it is shown: as ``text``, or as a drawing, ``svg(_:)``.
///
/// ```swift
/// let picture = try draw(
///   """
///   source      -a-b-c------d|
///   debounce
///   """
/// ) { $0["source"].debounce(for: .milliseconds(3)) }
/// picture.text        // the row of debounce has been filled in
/// picture.svg(.dark)  // the same, drawn
/// ```
///
/// A picture is made by ``marbles(_:values:results:_:)`` and ``draw(_:values:results:_:)``, always from a run. The
/// same run makes the same picture, byte for byte.
public struct MarblePicture: Sendable, CustomStringConvertible {
  /// What a row is about.
  enum Role { case source, asked, result, demand, cancel }

  struct Row {
    let label: String
    let role: Role
    /// What stands at which frame; several texts of one frame make a group.
    var cells: [Int: [String]] = [:]
    /// How long the row is when nothing ends it.
    var length = 0

    mutating func add(_ text: String, at frame: Int) { cells[frame, default: []].append(text) }

    /// Puts `text` before all else of its frame.
    mutating func insert(_ text: String, at frame: Int) { cells[frame, default: []].insert(text, at: 0) }

    init(label: String, _ role: Role) {
      self.label = label
      self.role = role
    }

    /// Behind these there is nothing to draw.
    var isEnded: Bool { lastCell?.contains { $0 == "|" || $0 == "#" || $0 == "!" } ?? false }
    fileprivate var lastCell: [String]? { cells.max { $0.key < $1.key }?.value }
    var lastFrame: Int { cells.keys.max() ?? -1 }

    fileprivate func text(at frame: Int) -> String {
      guard let cell = cells[frame] else { return "" }
      return cell.count == 1 ? cell[0] : "(\(cell.joined()))"
    }
  }

  var rows: [Row] = []
  /// What the run was made from.
  var diagram = ""

  /// Gaps longer than this are drawn as a stretch.
  private static let longestGap = 40

  /// The diagram as text. Its columns are frames, unless things stand so near to each other that they need more
  /// width: then a line says so.
  public var text: String {
    let frames = Set(rows.flatMap(\.cells.keys)).union(rows.map(\.length)).union([0]).sorted()
    let nameWidth = (rows.map(\.label.count).max() ?? 0) + 2
    var lines = rows.map { _ in "" }
    var column = 0
    var isToScale = true
    for (index, frame) in frames.enumerated() {
      let free = rows.indices.map { rows[$0].cells[frame] == nil ? 0 : lines[$0].count }.max() ?? 0
      if free > column { (column, isToScale) = (free, false) }
      for place in rows.indices where goesOn(rows[place], at: frame) {
        lines[place].fill(to: column)
        lines[place] += rows[place].text(at: frame)
      }
      let next = index + 1 < frames.count ? frames[index + 1] : frame
      let start = max(column, lines.map(\.count).max() ?? 0)
      let rest = next - frame - (start - column)
      if rest > Self.longestGap {
        for place in rows.indices where goesOn(rows[place], at: frame + 1) {
          lines[place].fill(to: start)
          lines[place] += " \(rest)ms "
        }
        column = lines.map(\.count).max() ?? 0
      } else {
        column += next - frame
      }
    }
    for (place, row) in rows.enumerated() {
      lines[place] = row.label + String(repeating: " ", count: nameWidth - row.label.count) + lines[place]
    }
    if !isToScale { lines.append("(some columns are wider than their time)") }
    return lines.map { $0.trimmingEnd() }.joined(separator: "\n")
  }

  public var description: String { text }

  private func goesOn(_ row: Row, at frame: Int) -> Bool {
    row.isEnded ? frame <= row.lastFrame : frame <= max(row.lastFrame, row.length)
  }
}

extension String {
  /// Lets time pass until `column`.
  fileprivate mutating func fill(to column: Int) {
    self += String(repeating: "-", count: max(0, column - count))
  }

  fileprivate func trimmingEnd() -> String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
