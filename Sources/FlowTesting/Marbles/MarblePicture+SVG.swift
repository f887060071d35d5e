// A picture as SVG.

extension MarblePicture {
  /// On what the drawing is shown.
  public enum Theme: Sendable { case light, dark }

  /// The diagram as an SVG document: sources above, the operator as a box, what comes out of it below. Time runs to
  /// the right.
  ///
  /// | sign | meaning |
  /// |---|---|
  /// | a circle | an element; the same text has the same colour, whatever its case |
  /// | things in one frame | they come at one instant |
  /// | an upright stroke, a cross | completion, failure |
  /// | two slashes | a cancellation |
  /// | a ring | the moment of a subscription, where the diagram speaks of it |
  /// | a tag that points up | demand: how many elements are asked for |
  /// | a gap with a number | a stretch of time |
  /// | a small tick | a millisecond, where columns are as wide as their time |
  ///
  /// The background is transparent. The title is the operator, the description says in words what is drawn, and the
  /// metadata is the diagram that was run. There are no identifiers in it, so that several may stand in one page, and
  /// no fonts but those of the reader.
  public func svg(_ theme: Theme = .light) -> String {
    var drawing = MarbleDrawing(self)
    for row in rows { drawing.draw(row) }
    return drawing.document(
      title: rows.filter { $0.role == .result }.map(\.label).joined(separator: ", "),
      description: rows.map(\.words).joined(separator: " "), metadata: diagram, theme)
  }
}

extension MarblePicture.Row {
  /// The row, read aloud.
  fileprivate var words: String {
    let events = cells.sorted { $0.key < $1.key }.flatMap { frame, texts in
      texts.map { "\(word(for: $0)) at \(frame) ms" }
    }
    return "\(label): \(events.isEmpty ? "nothing" : events.joined(separator: ", "))."
  }

  private func word(for text: String) -> String {
    switch (role, text) {
    case (.demand, "*"), (.asked, "*"): "unlimited"
    case (.demand, _), (.asked, _): text
    case (_, "|"): "completion"
    case (_, "#"): "failure"
    case (_, "!"): "cancelled"
    case (_, "^"): "subscribed"
    default: text
    }
  }
}

/// Marks on paper, row under row.
struct MarbleDrawing {
  private let layout: MarbleLayout
  private var marks = ""
  /// The middle of the row that is drawn.
  private var y = 0
  /// The colour of each text that has one.
  private var colours: [String: Int] = [:]

  init(_ picture: MarblePicture) {
    layout = MarbleLayout(picture)
  }

  // MARK: Rows

  mutating func draw(_ row: MarblePicture.Row) {
    switch row.role {
    case .source:
      y += 28
      label(row)
      timeline(row)
      y += 16
    case .result:
      box(row.label)
      y += 28
      timeline(row)
      y += 16
    case .asked, .demand, .cancel:
      y += 16
      label(row)
      note(row)
      y += 14
    }
  }

  private mutating func label(_ row: MarblePicture.Row) {
    text(row.label, 0, y + 4, "n")
  }

  private mutating func box(_ name: String) {
    y += 8
    let width = layout.width - layout.left - 1
    marks += "<rect class=\"b\" x=\"\(layout.left)\" y=\"\(y)\" width=\"\(width)\" height=\"34\" rx=\"9\"/>\n"
    text(name, layout.left + width / 2, y + 22, "o")
    y += 34
  }

  /// A row of elements.
  private mutating func timeline(_ row: MarblePicture.Row) {
    if layout.isToScale {
      let end = row.isEnded ? layout.end(of: row) : layout.width - 8
      marks += "<path class=\"g\" d=\"M\(layout.x(of: 0)) \(y)H\(end)\"/>\n"
    }
    line(row, "l")
    for (frame, texts) in row.cells.sorted(by: { $0.key < $1.key }) {
      if texts.count > 1 { frameAround(texts, at: frame) }
      var x = layout.x(of: frame)
      for (index, item) in texts.enumerated() {
        if index > 0 { x += (MarbleLayout.width(of: texts[index - 1]) + MarbleLayout.width(of: item)) / 2 }
        mark(item, x)
      }
    }
  }

  /// A row about what somebody does.
  private mutating func note(_ row: MarblePicture.Row) {
    line(row, "m")
    for (frame, texts) in row.cells.sorted(by: { $0.key < $1.key }) {
      var x = layout.x(of: frame)
      for item in texts {
        if row.role == .cancel { mark(item, x) } else { tag(item == "*" ? "∞" : item, x) }
        x += MarbleLayout.width(of: item)
      }
    }
  }

  // MARK: Marks

  /// The line of time, with a gap for each stretch, and a point when it goes on.
  private mutating func line(_ row: MarblePicture.Row, _ style: String) {
    let start = row.cells.first { $0.value.contains("^") }.map { layout.x(of: $0.key) } ?? layout.left
    let end = row.isEnded ? layout.end(of: row) : layout.width - 1
    var path = "M\(start) \(y)"
    for stretch in layout.stretches where stretch.x > start && stretch.x < end {
      let half = stretch.text.count * 4 + 8
      path += "H\(stretch.x - half)M\(stretch.x + half) \(y)"
      if style == "l" { text(stretch.text, stretch.x, y + 4, "s") }
    }
    path += "H\(end)"
    if !row.isEnded, style == "l" { path += "m-6-4l6 4-6 4" }
    marks += "<path class=\"\(style)\" d=\"\(path)\"/>\n"
  }

  private mutating func frameAround(_ texts: [String], at frame: Int) {
    let x = layout.x(of: frame) - MarbleLayout.width(of: texts[0]) / 2 - 2
    let width = texts.reduce(4) { $0 + MarbleLayout.width(of: $1) }
    marks += "<rect class=\"f\" x=\"\(x)\" y=\"\(y - 15)\" width=\"\(width)\" height=\"30\" rx=\"15\"/>\n"
  }

  private mutating func mark(_ item: String, _ x: Int) {
    switch item {
    case "|": marks += "<path class=\"e\" d=\"M\(x) \(y - 11)v22\"/>\n"
    case "#": marks += "<path class=\"x\" d=\"M\(x - 7) \(y - 7)l14 14m0-14l-14 14\"/>\n"
    case "!": marks += "<path class=\"c\" d=\"M\(x - 5) \(y + 8)l6-16m-1 16l6-16\"/>\n"
    case "^": marks += "<circle class=\"r\" cx=\"\(x)\" cy=\"\(y)\" r=\"5\"/>\n"
    default: element(item, x)
    }
  }

  private mutating func element(_ item: String, _ x: Int) {
    let colour = colour(of: item)
    let width = MarbleLayout.width(of: item) - 2
    if width <= 22 {
      marks += "<circle class=\"k\(colour)\" cx=\"\(x)\" cy=\"\(y)\" r=\"11\"/>"
    } else {
      marks +=
        "<rect class=\"k\(colour)\" x=\"\(x - width / 2)\" y=\"\(y - 11)\" width=\"\(width)\" height=\"22\" rx=\"11\"/>"
    }
    text(MarbleLayout.shortened(item), x, y + 4, "t")
  }

  /// A tag that points up: demand goes against the stream.
  private mutating func tag(_ amount: String, _ x: Int) {
    let half = max(9, 4 * amount.count + 2)
    marks += "<path class=\"d\" d=\"M\(x - half) \(y - 5)l\(half)-6 \(half) 6v15h-\(2 * half)z\"/>"
    text(amount, x, y + 6, "a")
  }

  private mutating func text(_ text: String, _ x: Int, _ y: Int, _ style: String) {
    marks += "<text class=\"\(style)\" x=\"\(x)\" y=\"\(y)\">\(Self.escaped(text))</text>\n"
  }

  /// Texts that differ in nothing but case are the same thing before and after.
  private mutating func colour(of item: String) -> Int {
    let key = item.lowercased()
    if let known = colours[key] { return known }
    let colour = colours.count % Ink.colours.count
    colours[key] = colour
    return colour
  }

  // MARK: The document

  func document(title: String, description: String, metadata: String, _ theme: MarblePicture.Theme) -> String
  {
    let ink = theme == .light ? Ink.light : Ink.dark
    let height = y + 4
    let used = Set(colours.values).sorted()
    let elements = used.map {
      ".k\($0){fill:\(Ink.colours[$0].fill(theme));stroke:\(Ink.colours[$0].stroke(theme))}"
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(layout.width)" height="\(height)" \
      viewBox="0 0 \(layout.width) \(height)" role="img">
      <title>\(Self.escaped(title))</title>
      <desc>\(Self.escaped(description))</desc>
      <metadata>\(Self.escaped(metadata))</metadata>
      <style>\
      text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:\(ink.text)}\
      .n,.s{fill:\(ink.quiet)}.o,.t,.s,.a{text-anchor:middle}.o{font-weight:600}.s,.a{font-size:11px}\
      path,rect,circle{fill:none;stroke:\(ink.line);stroke-width:1.5;stroke-linecap:round}\
      .m{stroke-dasharray:1 5}.b{fill:\(ink.box);stroke:\(ink.edge)}.f{stroke-dasharray:3 3}\
      .e{stroke:\(ink.text);stroke-width:2.5}.x{stroke:\(ink.failure);stroke-width:2.5}\
      .c{stroke:\(ink.cancel);stroke-width:2}.r{fill:\(ink.box)}.d{fill:\(ink.box);stroke-linejoin:round}\
      .g{stroke-width:6;stroke-linecap:butt;stroke-dasharray:1 \(MarbleLayout.frame - 1)}\
      \(elements.joined())</style>
      \(marks)</svg>

      """
  }

  /// Text as XML allows it. What XML has no way to write becomes the sign for that.
  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { escaped, scalar in
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\n": escaped += "\n"
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
  }
}

/// The colours of a theme.
private struct Ink {
  let text, quiet, line, box, edge, failure, cancel: String

  static let light = Ink(
    text: "#1d1d1f", quiet: "#6e6e73", line: "#8e8e93", box: "#f5f5f7", edge: "#c7c7cc", failure: "#d70015",
    cancel: "#c93400")
  static let dark = Ink(
    text: "#f5f5f7", quiet: "#a1a1a6", line: "#8e8e93", box: "#2c2c2e", edge: "#545458", failure: "#ff6961",
    cancel: "#ffb340")

  /// The colour of elements, by theme.
  struct Colour {
    let light: (fill: String, stroke: String)
    let dark: (fill: String, stroke: String)

    func fill(_ theme: MarblePicture.Theme) -> String { theme == .light ? light.fill : dark.fill }
    func stroke(_ theme: MarblePicture.Theme) -> String { theme == .light ? light.stroke : dark.stroke }
  }

  static let colours: [Colour] = [
    Colour(light: ("#dbeafe", "#2563eb"), dark: ("#1e3a8a", "#93c5fd")),
    Colour(light: ("#fef3c7", "#d97706"), dark: ("#78350f", "#fcd34d")),
    Colour(light: ("#dcfce7", "#16a34a"), dark: ("#14532d", "#86efac")),
    Colour(light: ("#fce7f3", "#db2777"), dark: ("#831843", "#f9a8d4")),
    Colour(light: ("#ede9fe", "#7c3aed"), dark: ("#4c1d95", "#c4b5fd")),
    Colour(light: ("#ccfbf1", "#0d9488"), dark: ("#134e4a", "#5eead4")),
    Colour(light: ("#ffedd5", "#ea580c"), dark: ("#7c2d12", "#fdba74")),
    Colour(light: ("#e2e8f0", "#475569"), dark: ("#334155", "#cbd5e1")),
  ]
}
