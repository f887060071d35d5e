// The members of a JSON object, in their order.

/// A JSON object: names and values in the order in which they were written.
///
/// Two objects with the same members in another order are equal.
public struct JSONObject: Sendable {
  public private(set) var members: [(key: String, value: JSONValue)] = []
  /// Where each name stands; only made for objects that are too large to search.
  private var positions: [String: Int] = [:]
  private static let searched = 16

  public init() {}

  /// Of several members with the same name the last one counts.
  public init(_ members: some Sequence<(String, JSONValue)>) {
    for (key, value) in members { self[key] = value }
  }

  /// The value of a member. A new member is put last; setting `nil` takes the member out.
  public subscript(name: String) -> JSONValue? {
    get { position(of: name).map { members[$0].value } }
    set {
      switch (position(of: name), newValue) {
      case (let position?, let value?): members[position].value = value
      case (let position?, nil):
        members.remove(at: position)
        positions = [:]
        if members.count > JSONObject.searched { index(from: 0) }
      case (nil, let value?):
        members.append((name, value))
        if members.count > JSONObject.searched { index(from: positions.isEmpty ? 0 : members.count - 1) }
      case (nil, nil): break
      }
    }
  }

  private func position(of name: String) -> Int? {
    positions.isEmpty ? members.firstIndex { $0.key == name } : positions[name]
  }

  private mutating func index(from start: Int) {
    for position in start..<members.count { positions[members[position].key] = position }
  }
}

extension JSONObject: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { members.count }
  public subscript(position: Int) -> (key: String, value: JSONValue) { members[position] }
}

extension JSONObject: Hashable {
  public static func == (a: JSONObject, b: JSONObject) -> Bool {
    a.count == b.count && a.members.allSatisfy { b[$0.key] == $0.value }
  }

  public func hash(into hasher: inout Hasher) {
    // The order must not count.
    var sum = 0
    for (key, value) in members {
      var member = Hasher()
      member.combine(key)
      member.combine(value)
      sum = sum &+ member.finalize()
    }
    hasher.combine(sum)
  }
}
