// What happened when a diagram was run.
import Flows

/// The facts about one run of a diagram, ready to be compared with it, or drawn.
struct MarbleRun {
  let diagram: MarbleDiagram
  /// The signals that came.
  private(set) var came: MarblePicture.Row
  /// What each source saw.
  private(set) var notes: [String: [(instant: FlowInstant, note: SourceLog.Note)]] = [:]
  /// What no diagram can show: what was not let go, which rule was broken.
  private(set) var complaints: [String]
  private(set) var failure: (any Error)?

  /// - Parameter patience: for how many frames behind the diagram an end is waited for.
  init<Output: Sendable>(
    _ diagram: MarbleDiagram, _ values: [Character: any Sendable], _ results: [Character: Output],
    patience: Int = 0, _ build: (MarbleSources) throws -> Flow<Output>
  ) throws {
    self.diagram = diagram
    came = MarblePicture.Row(label: diagram.result.label, .result)
    let time = VirtualTime()
    let sources = MarbleSources(time, diagram.sources, values)
    let flow = try time.asDefault { try build(sources) }
    if let mistake = sources.mistake { throw mistake }
    let scene = MarbleScene(flow, time, Array(sources.logs.values))
    try scene.play(diagram)
    for _ in 0..<patience where scene.isLive { time.advance(by: .milliseconds(1)) }
    came.length = max(diagram.length, time.now.frame + 1)
    complaints = []
    for event in scene.events { draw(event, results) }
    if let cancelled = scene.cancelledAt, diagram.result.frame(of: .cancel) != nil {
      came.add("!", at: cancelled.frame)
    }
    scene.close()
    complaints += scene.complaints
    for (name, log) in sources.logs {
      notes[name] = log.notes
      complaints += log.violations
    }
  }

  private mutating func draw<Output>(_ event: Recording<Output>.Event, _ results: [Character: Output]) {
    if event.instant.nanoseconds % FlowInstant.frameLength != 0 {
      complaints.append("\(event) came between two frames")
    }
    switch event.signal {
    case .element(let element): came.add(Self.text(of: element, results), at: event.instant.frame)
    case .end(.finished): came.add("|", at: event.instant.frame)
    case .end(.failed(let error)):
      came.add("#", at: event.instant.frame)
      failure = error
    }
  }

  /// The letter that stands for `element`, or its description on one line.
  private static func text<Output>(of element: Output, _ results: [Character: Output]) -> String {
    let letter = results.sorted { $0.key < $1.key }.first { isEqual($0.value, element) }?.key
    if let letter { return String(letter) }
    return String(describing: element).unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: text += scalar.escaped(asASCII: true)
      default: text.unicodeScalars.append(scalar)
      }
    }
  }

  private static func isEqual<Output>(_ a: Output, _ b: Output) -> Bool {
    func compare<E: Equatable>(_ a: E) -> Bool { a == b as? E }
    if let a = a as? any Equatable { return compare(a) }
    return String(describing: a) == String(describing: b)
  }

  /// What was asked of a source, as it is drawn.
  func asked(of source: String) -> MarblePicture.Row {
    var amounts: [Int: Int] = [:]
    for case (let instant, .asked(let count)) in notes[source] ?? [] {
      amounts[instant.frame] = amounts[instant.frame, default: 0].addingRoom(count)
    }
    var row = MarblePicture.Row(label: "asked \(source)", .asked)
    for (frame, count) in amounts { row.add(count == .max ? "*" : "\(count)", at: frame) }
    row.length = came.length
    return row
  }

  /// The row of a source with the moments at which it was really subscribed to and cancelled, as far as its row
  /// says anything about them.
  func seen(by source: MarbleRow) -> MarblePicture.Row {
    var row = MarblePicture.Row(label: source.label, .source)
    row.length = source.length
    for (frame, mark) in source.marks where mark != .subscribe && mark != .cancel {
      row.add(mark.text, at: frame)
    }
    for (instant, note) in notes[source.name] ?? [] {
      switch note {
      case .subscribed where source.frame(of: .subscribe) != nil: row.insert("^", at: instant.frame)
      case .cancelled where source.frame(of: .cancel) != nil: row.add("!", at: instant.frame)
      default: break
      }
    }
    return row
  }
}

extension FlowInstant {
  static let frameLength: Int64 = 1_000_000

  /// The frame that the instant lies in.
  var frame: Int { Int(nanoseconds / Self.frameLength) }
}
