// Tools for the tests of decoders.

import FlowTesting
import Flows

@testable import FlowProviders

/// The events of a text that comes at once.
func decode(
  _ wire: WireProtocol, _ text: String, framing: WireFraming? = nil,
  tolerance: FrameTolerance = .lenient(upTo: 8)
) -> [ChatEvent] {
  decode(ChatDecoder(wire, framing: framing, tolerance: tolerance), text)
}

func decode(_ decoder: ChatDecoder, _ text: String) -> [ChatEvent] {
  var decoder = decoder
  return decoder.decode(Array(text.utf8)) + decoder.finish()
}

/// Frames of data as server-sent events.
func events(_ data: String...) -> String { data.map { "data: \($0)\n\n" }.joined() }

extension [ChatEvent] {
  var response: ChatResponse { ChatResponse(self) }

  var names: [String] { map(\.name) }

  /// Without asides.
  var essentials: [ChatEvent] { filter { !$0.isAside } }

  var failure: ProviderError? { if case .failed(let error)? = last { error } else { nil } }

  var finish: Finish? { if case .finished(let finish)? = last { finish } else { nil } }

  var warnings: [Warning.Kind] {
    compactMap { if case .warning(let warning) = $0 { warning.kind } else { nil } }
  }

  var calls: [ToolCall] { compactMap { if case .toolCall(let call, _) = $0 { call } else { nil } } }

  var terminals: Int { count { $0.isTerminal } }
}

extension Recording {
  /// The flow has completed, whatever was delivered before.
  var isFinished: Bool { if case .finished? = end { true } else { false } }
}
