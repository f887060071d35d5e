// Pictures of runs, as text and drawn.
import FlowTesting
import Flows
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct PictureTests {
  /// All signs that a picture can show.
  static let everything = """
    a        -1-(23)-!
    b        --^x-# 
    asked a  2---*
    merge    ^-1--(23)-!
    demand   2---*
    cancel   --------!
    """

  private func picture(_ diagram: String) throws -> MarblePicture {
    try draw(diagram) { sources in sources["a"].merge(with: .never()) }
  }

  /// What a program sees that reads the document.
  private func elements(of picture: MarblePicture, _ theme: MarblePicture.Theme = .light) throws -> Reader {
    let reader = Reader()
    let parser = XMLParser(data: Data(picture.svg(theme).utf8))
    parser.delegate = reader
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    return reader
  }

  @Test func `the picture of a run that agrees with its diagram is that diagram`() throws {
    let diagram = """
      source       -a-b-c------d|
      debounce(3)  --------c----(d|)
      """
    let picture = try marbles(diagram) { $0["source"].debounce(for: .milliseconds(3)) }
    #expect(picture.text == diagram)
    #expect("\(picture)" == diagram)
  }

  @Test func `shows when the result was subscribed to`() throws {
    let diagram = """
      a     -1-2|
      copy  --^1-2|
      """
    #expect(try marbles(diagram) { $0["a"].filter { _ in true } }.text == diagram)
  }

  @Test func `a drawing has a sign for all that happened`() throws {
    let picture = try draw(
      """
      a        -1-(23)-#
      asked a  -
      copy     -
      demand   1---*
      """
    ) { $0["a"].filter { _ in true } }
    let reader = try elements(of: picture)
    #expect(reader.texts(of: "n") == ["a", "asked a", "demand"])
    #expect(reader.texts(of: "o") == ["copy"])
    #expect(reader.texts(of: "t") == ["1", "2", "3", "1", "2", "3"])
    #expect(reader.texts(of: "a") == ["1", "∞", "1", "∞"])
    #expect(reader.count(of: "x") == 2)
    #expect(reader.count(of: "f") == 2)
  }

  @Test func `shows cancellations and subscriptions`() throws {
    let picture = try marbles(
      """
      a       ^-1-2-!
      copy    ^-1-2-!
      """
    ) { $0["a"].filter { _ in true } }
    let reader = try elements(of: picture)
    #expect(reader.count(of: "c") == 2)
    #expect(reader.count(of: "r") == 2)
  }

  @Test func `says in words what it shows`() throws {
    let picture = try marbles(
      """
      a       -1-2|
      map     -2-4|
      demand  *
      """
    ) { $0.ints("a").map { $0 * 2 } }
    let reader = try elements(of: picture)
    #expect(reader.title == "map")
    #expect(reader.diagram == "a       -1-2|\nmap     -2-4|\ndemand  *")
    #expect(
      reader.description == """
        a: 1 at 1 ms, 2 at 3 ms, completion at 4 ms. map: 2 at 1 ms, 4 at 3 ms, completion at 4 ms. \
        demand: unlimited at 0 ms.
        """)
  }

  @Test func `a long time is a gap with a number`() throws {
    let reader = try elements(of: draw("a 1 90s 2 17ms 3 16ms 4|\ncopy ") { $0["a"].filter { _ in true } })
    #expect(reader.texts(of: "s").prefix(2) == ["90001ms", "18ms"])
    let width = try #require(reader.size)
    #expect(width < 1000)
  }

  @Test func `what elements say about themselves cannot leave its place`() throws {
    let hostile = "</text><script>alert(1)</script>&\"'\u{0}\u{1B}[31m\n\u{2028}\u{FFFE}\u{202E}"
    let picture = try draw("a -1|\n<svg>{&} -") { $0["a"].map { _ in hostile } }
    for theme in [MarblePicture.Theme.light, .dark] {
      let reader = try elements(of: picture, theme)
      #expect(
        reader.names.isSubset(of: [
          "svg", "title", "desc", "metadata", "style", "text", "path", "rect", "circle",
        ]))
    }
    #expect(picture.text.split(separator: "\n").count == 2 + 1)
    #expect(!picture.text.contains("\u{1B}") && !picture.text.contains("\u{2028}"))
  }

  @Test func `a long description is cut short`() throws {
    let picture = try draw("a -1|\nmap -") { $0["a"].map { _ in String(repeating: "x", count: 10_000) } }
    let reader = try elements(of: picture)
    #expect(reader.texts(of: "t").last == String(repeating: "x", count: 23) + "…")
  }

  @Test func `is the same each time, and no id stands in it`() throws {
    let pictures = try (1...3).map { _ in try picture(Self.everything).svg(.dark) }
    #expect(Set(pictures).count == 1)
    #expect(!pictures[0].contains("id="))
  }

  @Test func `nothing at all is drawn as well`() throws {
    let reader = try elements(of: draw("never ") { _ in Flow<Int>.never() })
    #expect(reader.texts(of: "o") == ["never"])
    #expect(reader.texts(of: "t") == [])
  }
}

/// The elements of an SVG document.
private final class Reader: NSObject, XMLParserDelegate {
  private(set) var names: Set<String> = []
  private(set) var title = ""
  private(set) var diagram = ""
  private(set) var size: Int?
  private var words = ""
  private var parts: [(style: String, text: String)] = []
  private var open: [String] = []

  override var description: String { words }

  func texts(of style: String) -> [String] { parts.filter { $0.style == style }.map(\.text) }
  func count(of style: String) -> Int { texts(of: style).count }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String] = [:]
  ) {
    names.insert(name)
    open.append(name)
    if name == "svg" { size = attributes["width"].flatMap { Int($0) } }
    parts.append((attributes["class"] ?? "", ""))
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) { open.removeLast() }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    switch open.last {
    case "title": title += text
    case "metadata": diagram += text
    case "desc": words += text
    case "text": parts[parts.count - 1].text += text
    default: break
    }
  }
}
