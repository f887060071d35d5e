// What goes out, and what comes in.
import FlowProviders
import Testing

@Suite struct EmbeddingFormatTests {
  @Test func `OpenAI's request`() throws {
    var format = OpenAIEmbeddings(model: "e", key: "k", base: "http://x/v1/", dimensions: 2)
    format.extra = ["user": "u"]
    let request = format.request(for: ["a", "b"])
    #expect(request.url == "http://x/v1/embeddings")
    #expect(request.method == "POST")
    #expect(request[header: "authorization"]?.revealed == "Bearer k")
    #expect(
      request.body == [
        "model": "e", "input": ["a", "b"], "encoding_format": "float", "dimensions": 2, "user": "u",
      ])
  }

  @Test func `OpenAI's answer, in any order, as numbers and as base64`() throws {
    let answer: JSONValue = [
      "model": "e-1",
      "data": [
        ["index": 1, "embedding": "AACAPwAAAMA="], ["index": 0, "embedding": [0.5, 3]],
      ], "usage": ["prompt_tokens": 4, "total_tokens": 4],
    ]
    let batch = try OpenAIEmbeddings(model: "e", encoding: .base64).vectors(in: answer, count: 2)
    #expect(batch.vectors == [[0.5, 3], [1, -2]])
    #expect(batch.model == "e-1")
    #expect(batch.usage?.inputTokens == 4)
    #expect(batch.usage?.totalTokens == 4)
  }

  @Test func `Ollama's request and answer`() throws {
    let format = OllamaEmbeddings(model: "e", base: "http://x", longText: .refused, keepAlive: "5m")
    let request = format.request(for: ["a"])
    #expect(request.url == "http://x/api/embed")
    #expect(request[header: "authorization"] == nil)
    #expect(request.body == ["model": "e", "input": ["a"], "truncate": false, "keep_alive": "5m"])
    let batch = try format.vectors(
      in: ["model": "e", "embeddings": [[1, 2]], "prompt_eval_count": 3, "load_duration": 1000], count: 1)
    #expect(batch.vectors == [[1, 2]])
    #expect(batch.usage?.inputTokens == 3)
    #expect(batch.usage?.timing?.load == .microseconds(1))
  }

  @Test(arguments: [
    #"{}"#, #"{"data":{}}"#, #"{"data":[]}"#, #"{"data":[{"embedding":[1]}]}"#,
    #"{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}"#,
    #"{"data":[{"index":0,"embedding":[1]},{"index":7,"embedding":[1]}]}"#,
    #"{"data":[{"index":0,"embedding":[1]},{"index":-1,"embedding":[1]}]}"#,
    #"{"data":[{"embedding":[1]},{"embedding":[1,2]}]}"#, #"{"data":[{"embedding":[]},{"embedding":[]}]}"#,
    #"{"data":[{"embedding":[1]},{"embedding":["x"]}]}"#,
    #"{"data":[{"embedding":[1]},{"embedding":[1e99]}]}"#,
    #"{"data":[{"embedding":[1]},{"embedding":"AACAPw=A"}]}"#,
    #"{"data":[{"embedding":[1]},{"embedding":"AAC"}]}"#,
    #"{"data":[{"embedding":[1]},{"embedding":"AADAfw=="}]}"#,
    #"{"data":[{"embedding":[1]},{"embedding":null}]}"#,
    #"{"embeddings":[[1],[2]]}"#,
  ]) func `what is no answer for two texts is refused`(text: String) throws {
    let answer = try JSONValue(parsing: text)
    #expect(throws: ProviderError.self) { try OpenAIEmbeddings(model: "e").vectors(in: answer, count: 2) }
  }

  @Test(arguments: [
    #"{}"#, #"{"embeddings":[[1]]}"#, #"{"embeddings":[1,2]}"#, #"{"embeddings":[[1],[1,2]]}"#,
  ])
  func `what is no answer of Ollama's is refused`(text: String) throws {
    let answer = try JSONValue(parsing: text)
    #expect(throws: ProviderError.self) { try OllamaEmbeddings(model: "e").vectors(in: answer, count: 2) }
  }
}
