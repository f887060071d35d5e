// A tracing system for tests.
import Flows

/// Writes down what spans are told.
final class Spans: FlowTracer {
  private let journal = Journal<String>()
  var lines: [String] { journal.entries }

  func span(_ name: String, tags: [String: String], parent: (any FlowSpan)?, at instant: FlowInstant)
    -> any FlowSpan
  {
    let about = tags.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    let inside = (parent as? Span).map { " in \($0.name)" } ?? ""
    journal.note("\(Self.milliseconds(instant)) begin \(name)\(about)\(inside)")
    return Span(name: name, journal: journal)
  }

  private static func milliseconds(_ instant: FlowInstant) -> Int64 { instant.nanoseconds / 1_000_000 }

  private struct Span: FlowSpan {
    let name: String
    let journal: Journal<String>

    func event(_ event: String, _ attributes: [String: String], at instant: FlowInstant) {
      let about = attributes.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
      journal.note("\(milliseconds(instant)) \(name): \(event)\(about)")
    }

    func end(_ exit: FlowExit, at instant: FlowInstant) {
      switch exit {
      case .finished: journal.note("\(milliseconds(instant)) end \(name): finished")
      case .failed(let error): journal.note("\(milliseconds(instant)) end \(name): \(error)")
      case .cancelled: journal.note("\(milliseconds(instant)) end \(name): cancelled")
      }
    }
  }
}
