// How long to wait, in all its spellings.

enum RetryAfter {
  /// What the headers ask for: `retry-after-ms`, then `retry-after`.
  static func delay(_ headers: Headers, now: Double?) -> Duration? {
    if let text = headers["retry-after-ms"], let milliseconds = Double(text) {
      return Duration.delay(seconds: milliseconds / 1000)
    }
    let now = now ?? headers["date"].flatMap { HTTPDate.seconds($0) }
    return headers["retry-after"].flatMap { delay(spelled: $0, now: now) }
  }

  /// Seconds (`7`, `1.5`), a duration (`6m0s`, `3 days`), an HTTP date or an RFC 3339 one, seconds or
  /// milliseconds since 1970. What lies in the past is zero.
  static func delay(spelled text: String, now: Double?) -> Duration? {
    if let number = Double(text) {
      // No provider asks for thirty years: it is a date.
      if number > 1e12 { return now.flatMap { Duration.delay(seconds: number / 1000 - $0) } }
      if number > 1e9 { return now.flatMap { Duration.delay(seconds: number - $0) } }
      return Duration.delay(seconds: number)
    }
    if let duration = Duration(spelled: text) { return duration }
    guard let date = HTTPDate.seconds(text) ?? HTTPDate.seconds(rfc3339: text), let now else { return nil }
    return Duration.delay(seconds: date - now)
  }

  /// `Please try again in 6m0s.`
  static func delay(in message: String) -> Duration? {
    for beginning in ["try again in ", "retry in ", "retry after "] {
      guard let start = message.lowercased().range(of: beginning)?.upperBound else { continue }
      let rest = message.lowercased()[start...]
      let word = rest.prefix { $0.isNumber || $0.isLetter || $0 == "." }
      let spelled = word.last == "." ? word.dropLast() : word
      if spelled.contains(where: \.isLetter), let duration = Duration(spelled: String(spelled)) {
        return duration
      }
      // `in 20 seconds`
      let words = rest.split(separator: " ", maxSplits: 2).prefix(2)
      if words.count == 2,
        let duration = Duration(spelled: words[0] + words[1].filter(\.isLetter))
      {
        return duration
      }
    }
    return nil
  }
}

extension Duration {
  /// Never negative, never longer than a century, never early: rounded up to a millisecond.
  static func delay(seconds: Double) -> Duration? {
    guard !seconds.isNaN else { return nil }
    return .milliseconds(Int64((min(max(seconds, 0), 3.2e9) * 1000).rounded(.up)))
  }

  /// A duration with units: `4ms`, `6m0s`, `1m12.5s`, `34s`, `3 days`, `2h`.
  init?(spelled text: String) {
    var seconds = 0.0
    var rest = text.lowercased().filter { $0 != " " }[...]
    if rest.hasPrefix("-") {
      guard Duration(spelled: String(rest.dropFirst())) != nil else { return nil }
      self = .zero
      return
    }
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isNumber || $0 == "." }
      guard let number = Double(digits) else { return nil }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { $0.isLetter || $0 == "µ" }
      rest = rest.dropFirst(unit.count)
      guard let length = Duration.units[String(unit)] else { return nil }
      seconds += number * length
    }
    guard let delay = Duration.delay(seconds: seconds) else { return nil }
    self = delay
  }

  private static let units: [String: Double] = [
    "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "milliseconds": 1e-3, "s": 1, "sec": 1, "second": 1,
    "seconds": 1, "m": 60, "min": 60, "minute": 60, "minutes": 60, "h": 3600, "hour": 3600, "hours": 3600,
    "d": 86400, "day": 86400, "days": 86400,
  ]

  /// The seconds, fractions included.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

extension String {
  /// Where `other` stands in this text.
  fileprivate func range(of other: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(other) { return start..<index(start, offsetBy: other.count) }
      start = index(after: start)
    }
    return nil
  }
}
