// A configuration file, read: values, and where they stand.

/// A text of JSON, and what it is called in messages.
public struct ConfigurationText: Sendable, Hashable {
  public let name: String
  public let bytes: [UInt8]

  public init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  public init(_ name: String, _ text: String) { self.init(name, Array(text.utf8)) }

  /// The profiles that it has; none when it is no JSON.
  public var profiles: [String] {
    guard case .success(let value) = read(), case .object(let members) = value.content,
      case .object(let profiles)? = members.last(where: { $0.key == ConfigurationSchema.profiles })?.value
        .content
    else { return [] }
    return profiles.map(\.key)
  }

  /// Longer than anybody's configuration.
  static let longest = 1 << 20

  /// The value that the text is, or what is wrong with it.
  func read() -> Result<PlacedValue, ConfigurationErrors> {
    // Some editors put a mark before the text, which is no part of it.
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    guard bytes.count <= Self.longest else {
      return .failure(refusal(at: 0, "it is longer than \(Self.longest) bytes"))
    }
    var tape = JSONTape()
    do {
      let lines = TextLines(bytes)
      let value = try bytes[start...].withUnsafeBytes { text in
        try tape.read(text) { PlacedValue($0, lines.place, start) }
      }
      return .success(value)
    } catch let error as JSONError {
      return .failure(refusal(at: start + error.offset, "it is no JSON: \(error.reason.rawValue)"))
    } catch {
      return .failure(refusal(at: 0, "\(error)"))
    }
  }

  private func refusal(at offset: Int, _ message: String) -> ConfigurationErrors {
    let (line, column) = TextLines(bytes).place(offset)
    let origin = ConfigurationOrigin.file(name, line: line, column: column, profile: nil)
    return ConfigurationErrors([ConfigurationProblem(.unreadable, at: [], from: origin, message)])
  }
}

/// Where the lines of a text begin.
private struct TextLines {
  private let starts: [Int]
  /// How many characters begin before each byte, and before the end: a text may be one long line.
  private let characters: [Int32]

  init(_ bytes: [UInt8]) {
    starts = [0] + bytes.indices.filter { bytes[$0] == 0x0A }.map { $0 + 1 }
    var count: Int32 = 0
    characters =
      bytes.map { byte in
        defer { if byte & 0xC0 != 0x80 { count += 1 } }
        return count
      } + [count]
  }

  /// The line and the column of an offset, counted from 1; a column is a Unicode scalar.
  func place(_ offset: Int) -> (line: Int, column: Int) {
    let offset = min(offset, characters.count - 1)
    var (low, high) = (0, starts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    return (low + 1, Int(characters[offset] - characters[starts[low]]) + 1)
  }
}

/// A JSON value that knows where it was written.
struct PlacedValue {
  typealias Place = (line: Int, column: Int)

  enum Content {
    case leaf(JSONValue)
    case object([Member])
  }

  struct Member {
    let key: String
    let place: Place
    let value: PlacedValue
  }

  let place: Place
  let content: Content

  /// - Parameter start: how many bytes stand before the text that was read.
  fileprivate init(_ cursor: JSONCursor, _ find: (Int) -> Place, _ start: Int) {
    func place(of cursor: JSONCursor) -> Place {
      // Of a string the entry begins after the quote.
      let offset = Int(cursor.entries[cursor.index].start) - (cursor.kind == .string ? 1 : 0)
      return find(start + offset)
    }
    self.place = place(of: cursor)
    content =
      cursor.isObject
      ? .object(
        cursor.members.map {
          Member(
            key: $0.key.string ?? "", place: place(of: $0.key), value: PlacedValue($0.value, find, start))
        })
      : .leaf(cursor.value)
  }

  /// Without the places.
  var json: JSONValue {
    switch content {
    case .leaf(let value): value
    case .object(let members): .object(JSONObject(members.map { ($0.key, $0.value.json) }))
    }
  }
}
