// What an answer comes to that was recorded as events.
import FlowProviders
import FlowTesting
import Flows

extension Recording<ChatEvent> {
  /// What the answer says so far.
  var response: ChatResponse { ChatResponse(elements) }
  var text: String { response.text }
  var failure: ProviderError? { if case .failed(let error)? = end { error as? ProviderError } else { nil } }
  func warnings(_ kind: Warning.Kind) -> [Warning] { response.warnings.filter { $0.kind == kind } }
}
