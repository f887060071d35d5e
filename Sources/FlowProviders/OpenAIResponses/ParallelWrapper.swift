// Several calls in the clothes of one.

/// Models call a tool named `parallel` that nobody defined, whose arguments hold the calls that they mean.
enum ParallelWrapper {
  static let names: Set<String> = ["parallel", "multi_tool_use.parallel", "multi_tool_use"]

  /// The calls inside; `nil` when the arguments are not of that shape, and the tool is a real one.
  static func calls(in wrapper: ToolCall) -> [ToolCall]? {
    guard let uses = wrapper.value?["tool_uses"]?.array, !uses.isEmpty else { return nil }
    var calls: [ToolCall] = []
    for (position, use) in uses.enumerated() {
      guard let recipient = use["recipient_name"]?.string, let parameters = use["parameters"] else {
        return nil
      }
      let name =
        recipient.hasPrefix("functions.") ? String(recipient.dropFirst("functions.".count)) : recipient
      calls.append(ToolCall(id: "\(wrapper.id)_\(position)", name: name, arguments: parameters.text))
    }
    return calls
  }
}
