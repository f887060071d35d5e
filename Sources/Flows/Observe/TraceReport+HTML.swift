// The page of a report.

extension TraceReport {
  /// One page that needs nothing from outside: lanes on an axis of time that can be zoomed and moved with wheel, mouse and
  /// keys, light or dark as the reader likes it.
  public func html(title: String = "Trace") -> String {
    let heading = Self.escaped(title)
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
      script-src 'unsafe-inline'">
      <title>\(heading)</title>
      <style>
      \(TracePage.style)
      </style>
      </head>
      <body>
      <header><h1>\(heading)</h1><p id="about"></p></header>
      \(TracePage.body)
      <script type="application/json" id="data">\(json)</script>
      <script>
      \(TracePage.script)
      </script>
      </body>
      </html>

      """
  }

  /// What the page draws. Times are nanoseconds since the first run began; a demand of -1 is unlimited.
  private var json: String {
    let (runs, forgotten, begin) = contents
    func time(_ instant: FlowInstant) -> Int64 { instant.nanoseconds &- begin.nanoseconds }
    func number(_ demand: FlowDemand) -> Int { demand == .unlimited ? -1 : demand.count }
    let lanes = runs.map { run in
      let events = run.entries.map { entry in
        let (at, asked) = (time(entry.instant), number(entry.outstanding))
        switch entry.event {
        case .element(let text): return "[\(at),\(asked),\"e\",\(Self.quoted(text))]"
        case .request(let more): return "[\(at),\(asked),\"r\",\(number(more))]"
        case .fill(let buffer, let waiting, let capacity):
          return "[\(at),\(asked),\"f\",\(buffer),\(waiting),\(capacity)]"
        case .end(let how, let error):
          return "[\(at),\(asked),\"x\",\(Self.quoted(how)),\(error.map(Self.quoted) ?? "null")]"
        }
      }
      return """
        {"name":\(Self.quoted(run.name)),"begin":\(time(run.begin)),"count":\(run.count),\
        "omitted":\(run.omitted),"events":[\(events.joined(separator: ","))]}
        """
    }
    return #"{"forgotten":\#(forgotten),"runs":[\#(lanes.joined(separator: ",\n"))]}"#
  }

  /// A string of JSON that can stand inside a script: it closes no element, and begins no comment.
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += #"\""#
      case "\\": quoted += #"\\"#
      case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{0}"..."\u{1f}", "\u{7f}":
        let digits = String(scalar.value, radix: 16)
        quoted += #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  static func escaped(_ text: String) -> String {
    text.reduce(into: "") { escaped, character in
      switch character {
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "&": escaped += "&amp;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.append(character)
      }
    }
  }
}
