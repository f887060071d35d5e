// The sources of a diagram, as flows.
import Flows

/// The sources of a diagram, by name.
///
/// Every run of a source begins its row anew. What stands at a frame is there from that frame on, and waits until
/// it is asked for.
public final class MarbleSources {
  /// The time in which the diagram runs.
  public let time: VirtualTime
  let rows: [String: MarbleRow]
  let values: [Character: any Sendable]
  private(set) var logs: [String: SourceLog] = [:]
  /// The first mistake in the use of a source.
  private(set) var mistake: MarbleSyntax?

  init(_ time: VirtualTime, _ rows: [MarbleRow], _ values: [Character: any Sendable]) {
    self.time = time
    self.rows = Dictionary(rows.map { ($0.name, $0) }) { first, _ in first }
    self.values = values
  }

  /// The source of this name; its letters as strings.
  public subscript(_ name: String) -> Flow<String> { source(name) { String($0) } }

  /// The source of this name; its digits as numbers.
  public func ints(_ name: String) -> Flow<Int> { source(name) { $0.wholeNumberValue } }

  /// The source of this name; its letters stand for these values.
  public func values<V: Sendable>(_ name: String, _ values: [Character: V]) -> Flow<V> {
    source(name) { values[$0] }
  }

  /// The source of this name; its letters stand for the values that were given with the diagram.
  public func values<V: Sendable>(_ name: String, as type: V.Type = V.self) -> Flow<V> {
    source(name) { self.values[$0] as? V }
  }

  private func source<V: Sendable>(_ name: String, _ value: (Character) -> V?) -> Flow<V> {
    guard let row = rows[name] else {
      mistake = mistake ?? MarbleSyntax("the diagram has no source named '\(name)'")
      return Flow { _ in { _ in .finished } }
    }
    let log = logs[name] ?? SourceLog(name)
    logs[name] = log
    let start = row.frame(of: .subscribe) ?? 0
    var script: [Int: (elements: [V], ending: Poll?)] = [:]
    for (frame, mark) in row.marks {
      switch mark {
      case .element(let letter):
        if let value = value(letter) {
          script[frame - start, default: ([], nil)].elements.append(value)
        } else {
          mistake = mistake ?? MarbleSyntax("'\(letter)' of source '\(name)' stands for no \(V.self)")
        }
      case .end: script[frame - start, default: ([], nil)].ending = .finished
      case .failure: script[frame - start, default: ([], nil)].ending = .failed(MarbleError())
      case .subscribe, .cancel, .unlimited: break
      }
    }
    let moments = script.sorted { $0.key < $1.key }.map { frame, what in
      SourceScript.Moment(offset: .milliseconds(frame), elements: what.elements, ending: what.ending)
    }
    return SourceScript(moments: moments).flow(log, in: time)
  }
}
