// Providers for the registry's tests.
import FlowProviders
import FlowTesting
import Flows

/// Says its name, one letter after another, and remembers what became of it.
final class PlayedProvider: ChatProvider {
  struct Seen: Sendable {
    var requests: [String] = []
    var shutdowns = 0
    var probes = 0
  }

  let name: String
  let seen = Latest<Seen>()
  private let pace: Duration
  private let letters: Int
  private let failure: ProviderError?

  init(
    _ name: String, letters: Int = 3, every pace: Duration = .seconds(1),
    failing failure: ProviderError? = nil
  ) {
    self.name = name
    self.pace = pace
    self.letters = letters
    self.failure = failure
    seen.value = Seen()
  }

  func stream(_ request: ChatRequest) -> Flow<ChatEvent> {
    .deferred { [self] in
      seen.change { $0.requests.append(request.model) }
      let place = ChatEvent.Place(block: 0)
      let letters = Flow<FlowTick>.interval(every: pace).prefix(letters)
        .map { [name] _ in ChatEvent.textDelta(name, place) }
      let head: [ChatEvent] = [.started(.init()), .roundStarted(0), .textStarted(place)]
      let tail: [ChatEvent] = [.textEnded(place), .roundEnded(0, Finish(.stop)), .finished(Finish(.stop))]
      let end: Flow<ChatEvent> = failure.map { .fail($0) } ?? .from(tail)
      return Flow.from(head).append(letters).append(end)
    }
  }

  func capabilities(of model: String) async throws -> Capabilities { Capabilities([.streaming]) }

  var shutdowns: Int { seen.value?.shutdowns ?? 0 }
  var requests: [String] { seen.value?.requests ?? [] }

  /// As a registry holds it.
  var instance: ProviderInstance {
    ProviderInstance(self, shutdown: { [seen] in seen.change { $0.shutdowns += 1 } })
  }
}

extension ProviderRegistry {
  convenience init(
    in time: VirtualTime, factory: ProviderFactory = .standard, policy: HealthPolicy = HealthPolicy()
  ) {
    self.init(
      ProviderDependencies(
        transport: PlayedTransport(404), credentials: EnvironmentCredentials([:]), scheduler: time),
      factory: factory, policy: policy)
  }
}

let question = ChatRequest(model: "m", prompt: "hello")
