// Where a value of a configuration comes from.

/// The layer that a value comes from, and its place there. A later layer overrides an earlier one.
public enum ConfigurationOrigin: Sendable, Hashable {
  case defaults
  /// A file, and the place in it, counted from 1; in a part of it that belongs to a profile.
  case file(String, line: Int, column: Int, profile: String?)
  /// A variable of the environment.
  case variable(String)
  /// It was set while the program ran.
  case runTime
}

extension ConfigurationOrigin: CustomStringConvertible {
  public var description: String {
    switch self {
    case .defaults: "default"
    case .file(let name, let line, let column, let profile):
      "\(name):\(line):\(column)" + (profile.map { " (profile \($0))" } ?? "")
    case .variable(let name): "variable \(name)"
    case .runTime: "run time"
    }
  }
}
