// `flow providers`, as people call it.
import Testing

@testable import flow

@Suite(.timeLimit(.minutes(10))) struct ProvidersTests {
  @Test func `tells what is configured, from which variable, and what each can do`() async throws {
    let said = try await flow(
      "providers", "--configured",
      with: [
        "GROQ_API_KEY": "gsk-0123456789", "OLLAMA_HOST": "https://me:secret-word@box/", "GROQ_MODEL": "big",
      ])
    #expect(said.status == 0)
    #expect(said.out.contains("by GROQ_API_KEY; https://api.groq.com/openai/v1; model big"))
    #expect(said.out.contains("by OLLAMA_HOST; https://box"))
    #expect(said.out.contains("structuredOutput"))
    #expect(said.out.hasPrefix("embedded "))
    #expect(
      !said.out.contains("gsk-") && !said.out.contains("secret-word") && !said.out.contains("ANTHROPIC"))
  }

  @Test func `tells what is missing`() async throws {
    let said = try await flow("providers", with: ["TGI_HOST": "a b"])
    #expect(said.out.contains("set ANTHROPIC_API_KEY"))
    #expect(said.out.contains("set GEMINI_API_KEY or GOOGLE_API_KEY"))
    #expect(said.out.contains("TGI_HOST holds no address"))
  }

  @Test func `as JSON each is a line`() async throws {
    let said = try await flow("providers", "--json", with: ["OPENAI_API_KEY": "sk-0123456789"])
    #expect(
      said.lines.contains { $0.hasPrefix(#"{"name":"openai","#) && $0.contains(#""state":"configured""#) })
    #expect(said.lines.allSatisfy { $0.hasPrefix("{") && $0.hasSuffix("}") })
  }

  @Test func `who is chosen is told unless it was said`() throws {
    let two = ["GROQ_API_KEY": "k", "GEMINI_API_KEY": "k"]
    let nobody = try ProviderChoice(nil, address: nil, in: [:])
    #expect(nobody.name == "embedded")
    #expect(nobody.note?.hasPrefix("No provider is configured: ") == true)
    let local = try ProviderChoice(nil, address: nil, in: ["FLOW_PROVIDER": "embedded", "GROQ_API_KEY": "k"])
    #expect(local.note?.hasPrefix("The embedded n-gram model answers.") == true)
    #expect(
      try ProviderChoice(nil, address: nil, in: two).note == "gemini answers, because GEMINI_API_KEY is set.")
    #expect(try ProviderChoice("groq", address: nil, in: two).note == nil)
    let wished = try ProviderChoice(nil, address: nil, in: two.merging(["FLOW_PROVIDER": "groq"]) { $1 })
    #expect(wished.note == "groq answers.")
    #expect(try ProviderChoice(nil, address: "localhost:1", in: two).name == "openai")
    #expect(throws: Misuse.self) { try ProviderChoice("embedded", address: "localhost:1", in: [:]) }
    #expect(throws: Complaint.self) { try ProviderChoice("openai", address: nil, in: [:]) }
  }
}
