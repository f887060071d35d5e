// Where the rows of a picture are drawn while a pipeline is at work.
import Flows
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Rows that grow to the right with time. On a terminal they are drawn again whenever something happens.
final class Board: Sendable {
  fileprivate struct Row {
    let name: String
    var cells: [Character] = []
    /// No run draws here now.
    var isEnded = true
  }

  static let frame = Duration.milliseconds(20)
  private static let isLive = isatty(STDOUT_FILENO) == 1

  private let start = ContinuousClock.now
  private let rows: Mutex<[Row]>
  private let nameWidth: Int

  /// - Parameter names: the rows, from top to bottom.
  init(_ names: String...) {
    rows = Mutex(names.map { Row(name: $0) })
    nameWidth = (names.map(\.count).max() ?? 0) + 2
    if Self.isLive { print(String(repeating: "\n", count: names.count), terminator: "") }
  }

  /// Takes the row `name` up, for a run that starts now.
  func begin(_ name: String) {
    let frame = Int((ContinuousClock.now - start) / Self.frame)
    rows.withLock { rows in
      guard let place = rows.firstIndex(where: { $0.name == name }) else { return }
      rows[place].fill(to: frame)
      rows[place].isEnded = false
    }
  }

  /// Puts `mark` into the row `name`, where time stands now.
  func mark(_ mark: Character, in name: String, isEnd: Bool = false) {
    let frame = Int((ContinuousClock.now - start) / Self.frame)
    rows.withLock { rows in
      guard let place = rows.firstIndex(where: { $0.name == name }) else { return }
      rows[place].fill(to: frame)
      rows[place].cells.append(mark)
      rows[place].isEnded = isEnd
      if Self.isLive { draw(rows, at: frame, over: true) }
    }
  }

  /// The picture as it is now, and what came of it.
  func show(result: String) {
    let frame = Int((ContinuousClock.now - start) / Self.frame)
    rows.withLock { draw($0, at: frame, over: Self.isLive) }
    print("  consumed: \(result)\n")
  }

  private func draw(_ rows: [Row], at frame: Int, over: Bool) {
    if over { print("\u{1B}[\(rows.count)A", terminator: "") }
    for var row in rows {
      if !row.isEnded { row.fill(to: frame) }
      let gap = String(repeating: " ", count: nameWidth - row.name.count)
      print("  " + row.name + gap + String(row.cells) + (over ? "\u{1B}[K" : ""))
    }
    fflush(nil)
  }
}

extension Board.Row {
  fileprivate mutating func fill(to frame: Int) {
    let blank: Character = isEnded ? " " : "-"
    while cells.count < frame { cells.append(blank) }
  }
}

extension Flow {
  /// Draws what passes into a row of `board`: `|` for the end, `#` for a failure, `!` when the flow is let go.
  func drawn(_ name: String, on board: Board) -> Flow {
    Flow { context in
      board.begin(name)
      let upstream = start(in: context)
      let ending = Ending()
      context.onEnd { if ending.isFirst() { board.mark("!", in: name, isEnd: true) } }
      return { room in
        let start = room.count
        let poll = upstream(&room)
        room.keep(from: start) {
          board.mark("\($0)".first ?? " ", in: name)
          return true
        }
        switch poll {
        case .finished: if ending.isFirst() { board.mark("|", in: name, isEnd: true) }
        case .failed: if ending.isFirst() { board.mark("#", in: name, isEnd: true) }
        case .more, .pending: break
        }
        return poll
      }
    }
  }
}

/// A run ends once.
private final class Ending: Sendable {
  private let isOver = Atomic<Bool>(false)
  func isFirst() -> Bool { !isOver.exchange(true, ordering: .relaxed) }
}
