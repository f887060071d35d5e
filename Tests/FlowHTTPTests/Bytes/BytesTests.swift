// Slices that copy nothing.
import FlowHTTP
import Testing

@Suite struct BytesTests {
  @Test func `a slice shares the storage of the whole`() {
    let whole = Bytes([UInt8](repeating: 7, count: 1000))
    let part = whole[100..<200]
    #expect(part.count == 100)
    #expect(part.startIndex == 100)
    whole.withUnsafeBytes { whole in
      part.withUnsafeBytes { part in #expect(part.baseAddress == whole.baseAddress.map { $0 + 100 }) }
    }
  }

  @Test func `an array is taken over without a copy`() {
    let array = [UInt8](repeating: 1, count: 1000)
    let bytes = Bytes(array)
    array.withUnsafeBytes { array in
      bytes.withUnsafeBytes { bytes in #expect(bytes.baseAddress == array.baseAddress) }
    }
  }

  @Test func `a detached slice has a storage of its own`() {
    let whole: Bytes = "a long text of which a word is kept"
    let word = whole[2..<6].detached()
    #expect(word == "long")
    #expect(word.startIndex == 0)
  }

  @Test func `is as wide as two words`() {
    #expect(MemoryLayout<Bytes>.size == 16)
  }

  @Test func `is equal and hashes by its bytes, not by its place`() {
    let text: Bytes = "abcabc"
    #expect(text[0..<3] == text[3..<6])
    #expect(text[0..<3].hashValue == text[3..<6].hashValue)
    #expect(text[0..<3] != text[2..<5])
    #expect(Bytes() == text[3..<3])
  }

  @Test func `finds a byte`() {
    let text: Bytes = "key: value: more"
    #expect(text.firstIndex(of: UInt8(ascii: ":")) == 3)
    #expect(text[4...].firstIndex(of: UInt8(ascii: ":")) == 10)
    #expect(text.firstIndex(of: 0) == nil)
    #expect(Bytes().firstIndex(of: 0) == nil)
  }

  @Test func `is text where it is UTF-8, and says where it is not`() {
    #expect(String("Grüße" as Bytes) == "Grüße")
    #expect(String([0x61, 0xFF, 0x62] as Bytes) == "a\u{FFFD}b")
    #expect("\("x" as Bytes)" == "x")
  }

  @Test func `is a collection`() {
    let bytes: Bytes = "hello"
    #expect(Array(bytes.dropFirst(2)) == Array("llo".utf8))
    #expect(Array(bytes.reversed()) == Array("olleh".utf8))
    #expect(bytes.last == UInt8(ascii: "o"))
    #expect(Bytes(bytes.lazy.map { $0 - 32 }) == "HELLO")
  }
}
