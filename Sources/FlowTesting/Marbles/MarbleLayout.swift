// Where things stand in a drawn picture.

/// The columns of a picture, in pixels. A frame is as wide as an element; things that stand too near to each other
/// push apart all that comes later, in every row.
struct MarbleLayout {
  struct Stretch {
    let x: Int
    let text: String
  }

  /// Where time begins.
  let left: Int
  private(set) var width = 0
  /// Times that were too long to be drawn.
  private(set) var stretches: [Stretch] = []
  /// Every frame has the same width.
  private(set) var isToScale = true
  private var columns: [Int: Int] = [:]

  static let frame = 24
  /// Gaps of more frames than this are drawn as a stretch.
  private static let longestGap = 16
  private static let stretch = 96
  /// More characters than this are not drawn.
  private static let longestText = 24

  init(_ picture: MarblePicture) {
    let labels = picture.rows.filter { $0.role != .result }.map { Self.extent(of: $0.label) }
    left = labels.max().map { $0 + 16 } ?? 1
    place(picture.rows)
    let boxes = picture.rows.filter { $0.role == .result }.map { Self.extent(of: $0.label) + 32 }
    width = max(width, left + (boxes.max() ?? 0), left + 6 * Self.frame)
  }

  func x(of frame: Int) -> Int { columns[frame] ?? left }

  /// Where the line of a row ends that has an end.
  func end(of row: MarblePicture.Row) -> Int {
    guard let texts = row.cells[row.lastFrame] else { return left }
    return x(of: row.lastFrame) + Self.length(of: texts)
  }

  private mutating func place(_ rows: [MarblePicture.Row]) {
    let ends = rows.map { $0.isEnded ? $0.lastFrame + 1 : $0.length }
    let frames = Set(rows.flatMap(\.cells.keys)).union(ends).union([0]).sorted()
    /// Up to where each row is taken.
    var taken = rows.map { _ in 0 }
    var x = left + Self.frame / 2 + 4
    for (index, frame) in frames.enumerated() {
      for (place, row) in rows.enumerated() {
        guard let texts = row.cells[frame] else { continue }
        let free = taken[place] + Self.width(of: texts[0]) / 2
        if free > x { (x, isToScale) = (free, isToScale && frame == 0) }
      }
      columns[frame] = x
      for (place, row) in rows.enumerated() {
        guard let texts = row.cells[frame] else { continue }
        taken[place] = x + Self.length(of: texts) + Self.width(of: texts[texts.count - 1]) / 2
      }
      guard index + 1 < frames.count else { break }
      let gap = frames[index + 1] - frame
      if gap > Self.longestGap {
        let start = max(x, taken.max() ?? 0)
        isToScale = false
        stretches.append(Stretch(x: start + Self.stretch / 2, text: Self.time(gap)))
        x = start + Self.stretch
      } else {
        x += gap * Self.frame
      }
    }
    width = max(x, taken.max() ?? 0) + 12
  }

  /// From the middle of the first to the middle of the last of what stands at one instant.
  private static func length(of texts: [String]) -> Int {
    zip(texts, texts.dropFirst()).reduce(0) { $0 + (width(of: $1.0) + width(of: $1.1)) / 2 }
  }

  /// The width of what is drawn for an element or a signal.
  static func width(of text: String) -> Int {
    switch text {
    case "|", "#", "!": 16
    case _ where text.count == 1: frame
    default: max(frame, extent(of: shortened(text)) + 14)
    }
  }

  static func shortened(_ text: String) -> String {
    text.count <= longestText ? text : text.prefix(longestText - 1) + "…"
  }

  /// The width of a text of 13 pixels, more or less: letters beyond Latin may be twice as wide.
  private static func extent(of text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ($1.value < 0x1100 ? 8 : 14) }
  }

  private static func time(_ frames: Int) -> String {
    switch frames {
    case let count where count % 60_000 == 0: "\(count / 60_000)m"
    case let count where count % 1000 == 0: "\(count / 1000)s"
    default: "\(frames)ms"
    }
  }
}
