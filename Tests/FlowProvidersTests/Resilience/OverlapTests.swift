// What a continuation says again.
import Testing

@testable import FlowProviders

@Suite struct OverlapTests {
  private func rest(after text: String, _ pieces: String...) -> String {
    var overlap = Overlap(before: text)
    return pieces.map { overlap.take($0) }.joined() + overlap.end()
  }

  @Test func `what goes on is delivered as it comes`() {
    var overlap = Overlap(before: "The sky is")
    #expect(overlap.take(" blue") == " blue")
    #expect(overlap.take(" The sky is") == " The sky is")
  }

  @Test func `an answer that begins again is cut to what is new`() {
    #expect(rest(after: "The sky is", "The", " sky", " is", " blue") == " blue")
    #expect(rest(after: "The sky is", "The sky is blue") == " blue")
  }

  @Test func `the end of the text said again is left out`() {
    #expect(rest(after: "Why? The sky is", "The sky", " is blue") == " blue")
  }

  @Test func `what only looked like a repetition is delivered whole`() {
    #expect(rest(after: "The sky is", "The sky was", " blue") == "The sky was blue")
    #expect(rest(after: "a banana", "a", " boat") == "a boat")
  }

  @Test func `a few letters are chance`() {
    #expect(rest(after: "I have been in it", "it", "aly") == "italy")
  }

  @Test func `a repetition that says nothing new is nothing`() {
    #expect(rest(after: "The sky is", "The sky") == "")
    #expect(rest(after: "The sky is", "The sky is") == "")
  }

  @Test func `letters of several bytes are never cut`() {
    #expect(rest(after: "Größe über", "Größe üb", "er alles") == " alles")
    #expect(rest(after: "", "ü") == "ü")
  }
}
