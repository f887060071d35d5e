// How a diagram and what happened are put side by side.

/// What happened is not what a diagram says. The description shows both, column under column.
public struct MarbleMismatch: Error, CustomStringConvertible {
  public let description: String
  /// The diagram of what happened.
  public let actual: String
}

extension MarbleMismatch {
  /// The mismatch of a run and its diagram; `nil` when there is none.
  init?(_ run: MarbleRun) throws {
    let diagram = run.diagram
    var pairs = [Pair(expected: diagram.result.picture(.result), actual: run.result)]
    for source in diagram.sources {
      pairs.append(Pair(expected: source.picture(.source), actual: run.seen(by: source)))
    }
    for (source, row) in diagram.asked {
      _ = try row.amounts()
      pairs.append(Pair(expected: row.picture(.asked), actual: run.asked(of: source)))
    }
    let differences = pairs.filter { $0.firstDifference != nil }
    if differences.isEmpty && run.complaints.isEmpty { return nil }

    var picture = MarblePicture()
    for source in diagram.sources where !differences.contains(where: { $0.isAbout(source) }) {
      picture.rows.append(source.picture(.source))
    }
    picture.rows += diagram.doings
    for pair in differences {
      picture.rows += [pair.expected.labelled("expected"), pair.actual.labelled("actual")]
    }
    var lines = differences.compactMap(\.firstDifference) + run.complaints
    if let failure = run.failure { lines.append("the failure was: \(failure)") }
    description = "\(lines.joined(separator: "\n"))\n\n\(picture.text)\n"
    actual = run.picture.text
  }
}

extension MarbleRun {
  /// The diagram of what happened.
  var picture: MarblePicture {
    var picture = MarblePicture(rows: diagram.sources.map { seen(by: $0) })
    for (source, _) in diagram.asked { picture.rows.append(asked(of: source)) }
    picture.rows.append(result)
    picture.rows += diagram.doings
    picture.diagram = diagram.text
    return picture
  }

  /// What came, from the moment of the subscription when the diagram has a say in that: it is no outcome.
  fileprivate var result: MarblePicture.Row {
    var row = came
    if let frame = diagram.result.frame(of: .subscribe) { row.insert("^", at: frame) }
    return row
  }
}

extension MarbleDiagram {
  /// What the test does, as it is drawn.
  fileprivate var doings: [MarblePicture.Row] {
    [demand?.picture(.demand), cancel?.picture(.cancel)].compactMap { $0 }
  }
}

/// What a row should have been, and what it was.
private struct Pair {
  let expected: MarblePicture.Row
  let actual: MarblePicture.Row

  func isAbout(_ source: MarbleRow) -> Bool { expected.role == .source && expected.label == source.label }

  var firstDifference: String? {
    let frames = Set(expected.cells.keys).union(actual.cells.keys).sorted()
    guard let frame = frames.first(where: { expected.cells[$0] != actual.cells[$0] }) else { return nil }
    func text(_ row: MarblePicture.Row) -> String { row.cells[frame].map { "'\($0.joined())'" } ?? "nothing" }
    return "\(expected.label): at \(frame) ms expected \(text(expected)), but there was \(text(actual))"
  }
}

extension MarblePicture.Row {
  fileprivate func labelled(_ word: String) -> Self {
    var row = MarblePicture.Row(label: "\(word) \(label)", role)
    row.cells = cells
    row.length = length
    return row
  }
}
