// A value of a configuration, understood.

/// What stands at a path of a configuration, after it was checked. It prints as it may be shown: without passwords, and
/// a key as where it is kept.
public enum ConfigurationValue: Sendable, Hashable {
  case text(String)
  case flag(Bool)
  case integer(Int)
  case number(Double)
  case duration(Duration)
  /// In bytes.
  case size(Int)
  case rate(ConfigurationRate)
  case address(ProviderAddress)
  case credential(CredentialReference)
  case list([ConfigurationValue])
  /// Explicitly without a limit.
  case unlimited
  case json(JSONValue)
  /// Something that has a name, whatever is said of it.
  case named
}

extension ConfigurationValue {
  public var text: String? { if case .text(let text) = self { text } else { nil } }
  public var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }
  public var integer: Int? { if case .integer(let integer) = self { integer } else { nil } }
  public var duration: Duration? { if case .duration(let duration) = self { duration } else { nil } }
  public var size: Int? { if case .size(let size) = self { size } else { nil } }
  public var rate: ConfigurationRate? { if case .rate(let rate) = self { rate } else { nil } }
  public var list: [ConfigurationValue]? { if case .list(let list) = self { list } else { nil } }

  public var number: Double? {
    switch self {
    case .number(let number): number
    case .integer(let integer): Double(integer)
    default: nil
    }
  }

  var address: ProviderAddress? { if case .address(let address) = self { address } else { nil } }

  var credential: CredentialReference? {
    if case .credential(let reference) = self { reference } else { nil }
  }
}

extension ConfigurationValue: CustomStringConvertible {
  public var description: String {
    switch self {
    case .text(let text): ErrorText.masked(text)
    case .flag(let flag): "\(flag)"
    case .integer(let integer): "\(integer)"
    case .number(let number): "\(number)"
    case .duration(let duration): duration.spelled
    case .size(let bytes): ByteCount.spelled(bytes)
    case .rate(let rate): "\(rate)"
    case .address(let address): address.shown
    case .credential(let reference): "\(reference)"
    case .list(let list): "[\(list.map(\.description).joined(separator: ", "))]"
    case .unlimited: "unlimited"
    case .json(let value): ErrorText.masked(value.text)
    case .named: "there"
    }
  }
}

/// So many of something in a stretch of time: `60/min`.
public struct ConfigurationRate: Sendable, Hashable {
  public var count: Int
  public var period: Duration

  public init(_ count: Int, per period: Duration) {
    self.count = count
    self.period = period
  }

  private static let periods: [(names: [String], length: Duration)] = [
    (["s", "sec", "second"], .seconds(1)), (["min", "m", "minute"], .seconds(60)),
    (["h", "hour"], .seconds(3600)), (["day", "d"], .seconds(86400)),
  ]

  /// `60/min`, `10/s`, `1000/h`, `5000/day`.
  init?(spelled text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let count = Int(String(parts[0]).trimmed) else { return nil }
    let name = String(parts[1]).trimmed.lowercased()
    guard let period = Self.periods.first(where: { $0.names.contains(name) }) else { return nil }
    self.init(count, per: period.length)
  }
}

extension ConfigurationRate: CustomStringConvertible {
  public var description: String {
    let name = Self.periods.first { $0.length == period }?.names[0]
    return "\(count)/\(name ?? period.spelled)"
  }
}

extension Duration {
  /// `30s`, `500ms`: as a configuration has it.
  var spelled: String {
    let (seconds, attoseconds) = components
    if attoseconds == 0 { return "\(seconds)s" }
    let milliseconds = Double(seconds) * 1000 + Double(attoseconds) / 1e15
    return milliseconds == milliseconds.rounded() ? "\(Int(milliseconds))ms" : "\(milliseconds)ms"
  }
}

/// Sizes as people write them.
enum ByteCount {
  private static let units: [String: Double] = [
    "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "kib": 1024, "mib": 1_048_576,
    "gib": 1_073_741_824, "tib": 1_099_511_627_776,
  ]

  /// `64MiB`: in the largest unit of which it is a whole number.
  static func spelled(_ bytes: Int) -> String {
    let names = ["B", "KiB", "MiB", "GiB", "TiB"]
    var (count, unit) = (bytes, 0)
    while count > 0, count % 1024 == 0, unit < names.count - 1 {
      count /= 1024
      unit += 1
    }
    return "\(count)\(names[unit])"
  }

  /// The bytes in `64MiB`, `1.5 GB`; `nil` when it is none, or more than fits.
  static func bytes(spelled text: String) -> Int? {
    let text = text.trimmed.lowercased()
    let digits = text.prefix { $0.isNumber || $0 == "." }
    guard let number = Double(digits), let unit = units[String(text.dropFirst(digits.count)).trimmed]
    else { return nil }
    return Int(exactly: (number * unit).rounded())
  }
}
