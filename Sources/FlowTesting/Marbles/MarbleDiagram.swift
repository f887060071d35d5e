// A diagram, sorted into what is given and what is expected.

/// The rows of a diagram by what they are for.
struct MarbleDiagram {
  /// As it was given.
  let text: String
  /// In their order.
  let sources: [MarbleRow]
  let result: MarbleRow
  /// What is lent; without it, unlimited from the start.
  let demand: MarbleRow?
  let cancel: MarbleRow?
  /// What must have been asked of which source.
  let asked: [(source: String, row: MarbleRow)]

  init(_ text: String) throws {
    self.text = text
    let rows = try text.split(separator: "\n").filter { $0.contains { $0 != " " } }.map { try MarbleRow($0) }
    var plain = rows.filter { !$0.isAboutDemand && $0.name != "cancel" }
    guard let result = plain.popLast() else { throw MarbleSyntax("a diagram needs a row for the result") }
    self.result = result
    sources = plain
    demand = rows.first { $0.name == "demand" }
    cancel = rows.first { $0.name == "cancel" }
    asked = rows.filter { $0.name.hasPrefix("asked ") }.map { (String($0.name.dropFirst(6)), $0) }
    for (name, row) in asked where !sources.contains(where: { $0.name == name }) {
      throw MarbleSyntax("the row '\(row.name)' speaks of a source that the diagram does not have")
    }
  }

  /// The frames that the diagram covers.
  var length: Int {
    let others = [demand?.length, cancel?.length].compactMap { $0 } + asked.map(\.row.length)
    return ([result.length] + sources.map(\.length) + others).max() ?? 0
  }

  /// When the result is subscribed to.
  var start: Int { result.frame(of: .subscribe) ?? 0 }

  /// When the test cancels.
  var cancellation: Int? { cancel?.frame(of: .cancel) ?? result.frame(of: .cancel) }
}

extension MarbleRow {
  fileprivate var isAboutDemand: Bool { name == "demand" || name.hasPrefix("asked ") }

  /// How much is lent or asked for at which frame.
  func amounts() throws -> [(frame: Int, count: Int)] {
    try marks.map { frame, mark in
      switch mark {
      case .unlimited: return (frame, .max)
      case .element(let digit):
        if let count = digit.wholeNumberValue, count > 0 { return (frame, count) }
        fallthrough
      default: throw MarbleSyntax("the row '\(name)' takes 1 to 9 and *, for unlimited")
      }
    }
  }

  /// The row as it is drawn.
  func picture(_ role: MarblePicture.Role) -> MarblePicture.Row {
    var row = MarblePicture.Row(label: label, role)
    row.length = length
    for (frame, mark) in marks { row.add(mark.text, at: frame) }
    return row
  }
}

extension MarbleRow.Mark {
  var text: String {
    switch self {
    case .element(let letter): String(letter)
    case .end: "|"
    case .failure: "#"
    case .subscribe: "^"
    case .cancel: "!"
    case .unlimited: "*"
    }
  }
}
