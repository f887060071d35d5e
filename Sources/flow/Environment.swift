// The variables that the process was started with.
#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  // The list of variables is a variable itself. Nobody writes to it here.
  @preconcurrency import Glibc
#elseif canImport(Musl)
  @preconcurrency import Musl
#endif

enum Environment {
  /// All of them. Of several with one name the first counts, as for everybody else.
  static let variables: [String: String] = {
    #if canImport(Darwin)
      var next: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = _NSGetEnviron().pointee
    #else
      var next: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = environ
    #endif
    var variables: [String: String] = [:]
    while let entry = next?.pointee {
      let parts = String(cString: entry).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2, variables[String(parts[0])] == nil {
        variables[String(parts[0])] = String(parts[1])
      }
      next? += 1
    }
    return variables
  }()
}
