// The dates that headers carry, as seconds since 1970.

enum HTTPDate {
  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  /// `Wed, 21 Oct 2015 07:28:00 GMT`, and the two older forms that RFC 9110 still wants read:
  /// `Wednesday, 21-Oct-15 07:28:00 GMT` and `Wed Oct 21 07:28:00 2015`.
  static func seconds(_ text: String) -> Double? {
    let words = text.lowercased().split { $0 == " " || $0 == "," || $0 == "-" }
    guard let month = words.firstIndex(where: { months.contains(String($0)) }), month >= 1,
      let clock = words.first(where: { $0.contains(":") }), let time = time(clock)
    else { return nil }
    // The day stands before the month or after it; the year is the number that is left.
    let numbers = words.filter { Int($0) != nil }
    guard numbers.count == 2, let day = Int(numbers[0]), var year = Int(numbers[1]) else { return nil }
    if year < 70 { year += 2000 } else if year < 100 { year += 1900 }
    let number = months.firstIndex(of: String(words[month]))! + 1
    guard let days = days(year, number, day) else { return nil }
    return Double(days * 86400) + time
  }

  /// `2025-01-31T12:00:00.5Z`, `2025-01-31T12:00:00+02:00`
  static func seconds(rfc3339 text: String) -> Double? {
    let parts = text.uppercased().split { $0 == "T" || $0 == " " }
    guard parts.count == 2 else { return nil }
    let date = parts[0].split(separator: "-").compactMap { Int($0) }
    guard date.count == 3, let days = days(date[0], date[1], date[2]) else { return nil }
    var clock = parts[1]
    var offset = 0.0
    if clock.hasSuffix("Z") {
      clock = clock.dropLast()
    } else if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
      guard let east = time(clock[clock.index(after: sign)...] + ":00") else { return nil }
      offset = clock[sign] == "+" ? east : -east
      clock = clock[..<sign]
    }
    return time(clock).map { Double(days * 86400) + $0 - offset }
  }

  /// `2025-01-31T12:00:00.500Z`, of seconds since 1970 up to the year 9999.
  static func rfc3339(_ seconds: Double) -> String {
    let milliseconds = Int((min(max(seconds, 0), 253_402_300_799) * 1000).rounded(.down))
    let (days, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
    let (year, month, day) = date(days)
    func padded(_ number: Int, _ width: Int = 2) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let clock = [rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60].map { padded($0) }.joined(
      separator: ":")
    return "\(padded(year, 4))-\(padded(month))-\(padded(day))T\(clock).\(padded(rest % 1000, 3))Z"
  }

  private static func time(_ text: some StringProtocol) -> Double? {
    let parts = text.split(separator: ":")
    guard parts.count == 3, let hour = Int(parts[0]), let minute = Int(parts[1]),
      let second = Double(parts[2]),
      (0...24).contains(hour), (0..<60).contains(minute), (0..<61).contains(second)
    else { return nil }
    return Double(hour * 3600 + minute * 60) + second
  }

  /// Days since 1970 in the Gregorian calendar. Years begin in March here, so that a leap day comes last.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int? {
    guard (1...12).contains(month), (1...31).contains(day), (1...9999).contains(year) else { return nil }
    let year = month <= 2 ? year - 1 : year
    let era = year / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
  /// The other way round.
  private static func date(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let days = days + 719_468
    let era = days / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let number = month + (month < 10 ? 3 : -9)
    return (era * 400 + yearOfEra + (number <= 2 ? 1 : 0), number, dayOfYear - (153 * month + 2) / 5 + 1)
  }
}
