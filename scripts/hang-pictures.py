# Puts pictures in the place of diagrams, in the articles of a catalogue and in the comments of symbol graphs:
# hang-pictures.py CATALOGUE GRAPH...
#
# The sources keep the diagrams, which are for reading there, and the pages get the pictures of their runs.
import json
import pathlib
import re
import sys

catalogue, graphs = pathlib.Path(sys.argv[1]), sys.argv[2:]
pictures = catalogue / "Pictures"
index = json.loads((pictures / "index.json").read_text())


def image(name):
    """The picture, for those who see it and, with the words that describe it, for those who do not."""
    words = re.search("<desc>(.*)</desc>", (pictures / f"{name}.svg").read_text(), re.DOTALL)[1]
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        words = words.replace(entity, character)
    words = re.sub(r"([\\`*_\[\]<>#!|])", r"\\\1", words)
    return f"![{words}]({name})"


def hang(lines):
    """Puts a picture where a diagram is, as often as there is one."""
    for name, diagram in index.items():
        rows = [f"    {row}".rstrip() for row in diagram]
        for start in range(len(lines) - len(rows), -1, -1):
            if [line.rstrip() for line in lines[start : start + len(rows)]] == rows:
                lines[start : start + len(rows)] = [image(name)]
    return lines


for article in catalogue.glob("*.md"):
    article.write_text("\n".join(hang(article.read_text().split("\n"))))
for graph in map(pathlib.Path, graphs):
    content = json.loads(graph.read_text())
    for symbol in content["symbols"]:
        if comment := symbol.get("docComment"):
            comment["lines"] = [{"text": text} for text in hang([line["text"] for line in comment["lines"]])]
    graph.write_text(json.dumps(content))
