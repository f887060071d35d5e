// A cache around a provider.
import Flows

extension ChatProvider {
  /// This provider behind a cache. Several providers may share one.
  ///
  /// **Demand.** Nothing is looked for before something is asked for. Of several who listen to one answer, the fastest
  /// sets the pace; what the others have not taken waits, up to the size of an entry, and then the fastest waits for
  /// the slowest. **Failure.** That of the provider, for all who listen; of a request that may only be answered from
  /// the cache, a ``ProviderError`` of the kind `notFound`. **Cancellation.** Of one listener is nothing to the others;
  /// that of the last closes the connection.
  ///
  /// Events of an answer that was kept say so: ``ChatEvent/Started/cachedFor``.
  ///
  /// - Parameters:
  ///   - cache: where answers are kept.
  ///   - scope: among whom answers are shared: a tenant, a user. Requests of different scopes are never the same. The
  ///     provider's ``name`` is a scope of its own: where two of one name say different things, name them here.
  ///   - replay: how fast an answer comes that was kept.
  public func cached(
    by cache: ResponseCache, scope: String = "", replay: CacheReplay = .instant
  ) -> any ChatProvider {
    with(Caching(cache, provider: name, scope: scope, replay: replay))
  }
}

/// A cache as something that stands around a provider: what ``ChatProvider/cached(by:scope:replay:)`` puts there.
public struct Caching: Middleware {
  public let cache: ResponseCache
  /// Who is asked.
  public let provider: String
  public let scope: String
  public let replay: CacheReplay

  public init(
    _ cache: ResponseCache, provider: String, scope: String = "", replay: CacheReplay = .instant
  ) {
    if case .paced(.tokensPerSecond(let rate)) = replay {
      precondition(rate > 0, "tokensPerSecond(\(rate)): an answer would never come")
    }
    self.cache = cache
    self.provider = provider
    self.scope = scope
    self.replay = replay
  }

  public func intercept(_ request: ChatRequest, next: @escaping Next) -> Flow<ChatEvent> {
    if request.cacheUse == .bypass { return next(request) }
    return Flow { context in
      let visit = CacheVisit(self, request, next, context)
      return { room in visit.poll(&room) }
    }
  }
}

/// One request at the cache.
private final class CacheVisit {
  private enum Course {
    case asleep
    case telling
    case listening(Flight, Flight.Reader)
    case reading(Flow<ChatEvent>.Stage)
  }

  private let setup: Caching
  private let request: ChatRequest
  private let next: Caching.Next
  private let context: FlowContext
  private var course = Course.asleep
  /// Here, and not in the course, so that it is changed in its place.
  private var telling: Telling?

  init(
    _ setup: Caching, _ request: ChatRequest, _ next: @escaping Caching.Next, _ context: FlowContext
  ) {
    self.setup = setup
    self.request = request
    self.next = next
    self.context = context
  }

  func poll(_ room: inout Chunk<ChatEvent>) -> Poll {
    switch course {
    case .asleep: return room.isFull ? .more : look(&room)
    case .telling: return telling?.poll(&room) ?? .finished
    case .listening(let flight, let reader): return flight.receive(reader, into: &room)
    case .reading(let stage): return stage(&room)
    }
  }

  private func look(_ room: inout Chunk<ChatEvent>) -> Poll {
    let cache = setup.cache
    let key = CacheKey(request, provider: setup.provider, scope: setup.scope)
    switch cache.find(key, request.cacheUse, in: context) {
    case .answer(let answer, let age):
      telling = Telling(answer, age: age, setup.replay, in: context)
      course = .telling
      return poll(&room)
    case .under(let flight, let reader):
      course = .listening(flight, reader)
      return flight.receive(reader, into: &room)
    case .first(let flight, let reader):
      course = .listening(flight, reader)
      // What is asked for is known before the provider is.
      let poll = flight.receive(reader, into: &room)
      let search = CacheSearch(
        cache: cache, key: key, use: request.cacheUse, replay: setup.replay, scheduler: context.scheduler)
      flight.depart(search.flow(for: flight) { [next, request] in next(request) }, in: context)
      return poll
    case .nothing:
      let search = CacheSearch(
        cache: cache, key: key, use: request.cacheUse, replay: setup.replay, scheduler: context.scheduler)
      course = .reading(search.flowOfWhatIsKept.start(in: context))
      return poll(&room)
    }
  }
}
