// A live run, drawn as a marble diagram.

/// The rows of a diagram, as they grow. Time comes in as an argument.
///
/// A frame is a millisecond. What happens in one frame is a group, and a wait of more than twenty frames is a
/// stretch, as in the diagrams of `FlowTesting`; when more happens in a few frames than fits into them, the columns
/// are wider than their time.
struct MarbleTrace {
  private let name: String
  private let start: FlowInstant
  /// Both rows are filled to here.
  private var frame = 0
  /// What happened in the frame that is being drawn.
  private var present = 0
  private var events = ""
  private var requests = ""
  private var fills = ""
  private var eventRow = ""
  private var requestRow = ""
  private var fillRow = ""
  /// There is a buffer.
  private var hasFills = false
  private var legend: [String] = []
  private var letters = Self.alphabet[...]
  /// Letters that stand for themselves.
  private var own: Set<Character> = []

  // What is asked for and has not come, and since when that is nothing.
  private var outstanding = 0
  private var stalledSince: FlowInstant?
  private var stalls = 0
  private var stalled = Duration.zero

  /// Elements whose description is one letter or digit are drawn as it; all others get one of these.
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
  private static let width = 100
  private static let shortestStretch = 20

  init(_ name: String, at start: FlowInstant) {
    self.name = name
    self.start = start
    stalledSince = start
  }

  // MARK: What happens

  mutating func ask(_ demand: FlowDemand, at instant: FlowInstant) {
    move(to: instant)
    requests += demand == .unlimited ? "*" : demand.count < 10 ? "\(demand.count)" : "+"
    if demand.count >= 10, demand != .unlimited { legend.append("+ = \(demand.count)") }
    if let since = stalledSince, frame(of: since) < frame(of: instant) {
      stalls += 1
      stalled += since.duration(to: instant)
    }
    stalledSince = nil
    outstanding = demand == .unlimited || outstanding == .max ? .max : outstanding + demand.count
  }

  /// So many elements wait in a buffer.
  mutating func fill(_ waiting: Int, at instant: FlowInstant) {
    move(to: instant)
    hasFills = true
    // What it holds at the end of an instant is what counts.
    fills = waiting < 10 ? "\(waiting)" : "+"
  }

  /// The answer is a diagram that is full.
  mutating func deliver(_ description: String, at instant: FlowInstant) -> String? {
    var page: String?
    if letters.isEmpty || eventRow.count >= Self.width { page = turnPage() }
    move(to: instant)
    draw(description)
    if outstanding != .max {
      outstanding = max(0, outstanding - 1)
      if outstanding == 0 { stalledSince = instant }
    }
    return page
  }

  private mutating func draw(_ description: String) {
    if description.count == 1, let letter = description.first, letter.isLetter || letter.isNumber,
      !Self.alphabet.contains(letter) || letters.contains(letter)
    {
      own.insert(letter)
      events.append(letter)
    } else {
      while let letter = letters.popFirst() {
        if own.contains(letter) { continue }
        events.append(letter)
        legend.append("\(letter) = \(description)")
        return
      }
      events.append("?")
      legend.append("? = \(description)")
    }
  }

  /// The answer is the last diagram.
  mutating func end(_ exit: FlowExit, at instant: FlowInstant) -> String {
    move(to: instant)
    switch exit {
    case .finished: events += "|"
    case .failed(let error):
      events += "#"
      legend.append("# = \(error)")
    case .cancelled: events += "!"
    }
    if stalls > 0 {
      legend.append("stalled \(stalls == 1 ? "once" : "\(stalls) times"), for \(stalled) in all")
    }
    return turnPage()
  }

  // MARK: Drawing

  private func frame(of instant: FlowInstant) -> Int {
    Int(start.duration(to: instant) / .milliseconds(1))
  }

  /// Draws what happened until now, and the time since then.
  private mutating func move(to instant: FlowInstant) {
    let now = frame(of: instant)
    if now == present { return }
    drawPresent()
    let gap = now - frame
    if gap > Self.shortestStretch {
      fill(" \(gap)ms ")
    } else if gap > 0 {
      fill(String(repeating: "-", count: gap))
    }
    frame = max(frame, now)
    present = now
  }

  private mutating func fill(_ time: String) {
    eventRow += time
    requestRow += time
    fillRow += time
  }

  private mutating func drawPresent() {
    let (above, below, fill) = (group(events), group(requests), fills)
    (events, requests, fills) = ("", "", "")
    let width = max(above.count, below.count, fill.count)
    eventRow += above.padded(to: width)
    requestRow += below.padded(to: width)
    fillRow += fill.padded(to: width)
    frame += width
  }

  private func group(_ signs: String) -> String { signs.count > 1 ? "(\(signs))" : signs }

  private mutating func turnPage() -> String {
    drawPresent()
    let labels = [name, "asked \(name)"] + (hasFills ? ["buffer of \(name)"] : [])
    let width = labels.map(\.count).max() ?? 0
    let rows = zip(labels, [eventRow, requestRow, fillRow]).map { "\($0.spaced(to: width))  \($1)" }
    defer {
      eventRow = ""
      requestRow = ""
      fillRow = ""
      legend = []
      letters = Self.alphabet[...]
      own = []
    }
    return (rows + legend.map { "  \($0)" }).joined(separator: "\n")
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: "-", count: width - count) }
  fileprivate func spaced(to width: Int) -> String { self + String(repeating: " ", count: width - count) }
}
