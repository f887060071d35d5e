# Puts pictures in the place of diagrams, in the articles of a catalogue and in the comments of symbol graphs:
# hang-pictures.py CATALOGUE GRAPH...
#
# The sources keep the diagrams, which are for reading there, and the pages get the pictures of their runs.
import json
import pathlib
import re
import sys
from xml.etree import ElementTree

catalogue, graphs = pathlib.Path(sys.argv[1]), sys.argv[2:]
pictures = []  # A picture as it stands in a text, and the lines in whose place it stands.
for file in sorted(catalogue.glob("Pictures/*.svg")):
    if file.stem.endswith("~dark"):
        continue
    drawing = ElementTree.parse(file).getroot()
    words, diagram = (drawing.find("{*}" + name).text for name in ("desc", "metadata"))
    # For those who see it, and with the words that describe it for those who do not.
    words = re.sub(r"([\\`*_\[\]<>#!|])", r"\\\1", words)
    pictures.append((f"![{words}]({file.stem})", [f"    {row}" for row in diagram.split("\n")]))
pictures.sort(key=lambda picture: -len(picture[1]))  # A diagram may begin as another one that is longer.


def hang(lines):
    """Puts a picture where a diagram is, as often as there is one."""
    for picture, rows in pictures:
        for start in range(len(lines) - len(rows), -1, -1):
            if [line.rstrip() for line in lines[start : start + len(rows)]] == rows:
                lines[start : start + len(rows)] = [picture]
    return lines


for article in catalogue.glob("*.md"):
    article.write_text("\n".join(hang(article.read_text().split("\n"))))
for graph in map(pathlib.Path, graphs):
    content = json.loads(graph.read_text())
    for symbol in content["symbols"]:
        if comment := symbol.get("docComment"):
            comment["lines"] = [{"text": text} for text in hang([line["text"] for line in comment["lines"]])]
    graph.write_text(json.dumps(content))
