// A process that asks once behind a cache in Redis: what the tests of FlowRedis run several of.
#if Redis
  import FlowHTTP
  import FlowProviders
  import FlowRedis
  import Flows

  let words = CommandLine.arguments
  let redis = RedisBackend(RedisConfiguration(.tcp(host: "127.0.0.1", port: Int(words[1]) ?? 0)))
  let cache = ResponseCache(
    backend: redis, sharing: CacheSharing(lease: .milliseconds(Int(words[3]) ?? 0), timeout: .seconds(60)))
  var options = CurlTransport.Options()
  options.proxy = .none
  let provider = HTTPProvider(OpenAIChat(OpenAIDialect(base: words[2])), over: CurlTransport(options))
    .cached(by: cache)
  let answer = try await provider.stream(ChatRequest(model: "m", prompt: "hello")).response()
  print(answer.text, cache.statistics.misses, cache.statistics.hits)
  await cache.flush()
#endif
