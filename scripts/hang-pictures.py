# Puts pictures in the place of the diagrams in the comments of symbol graphs: hang-pictures.py PICTURES GRAPH...
#
# The sources keep the diagrams, which are for reading there, and the pages get the pictures of their runs.
import json
import pathlib
import re
import sys

pictures, graphs = pathlib.Path(sys.argv[1]), sys.argv[2:]
index = json.loads((pictures / "index.json").read_text())


def image(name):
    """The picture, for those who see it and, with the words that describe it, for those who do not."""
    words = re.search("<desc>(.*)</desc>", (pictures / f"{name}.svg").read_text(), re.DOTALL)[1]
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        words = words.replace(entity, character)
    words = re.sub(r"([\\`*_\[\]<>#!|])", r"\\\1", words)
    return f"![{words}]({name})"


def hang(lines):
    texts = [line["text"].strip() for line in lines]
    for name, diagram in index.items():
        for start in range(len(texts) - len(diagram) + 1):
            if texts[start : start + len(diagram)] == [row.strip() for row in diagram]:
                lines[start]["text"] = image(name)
                del lines[start + 1 : start + len(diagram)]
                return True
    return False


for graph in graphs:
    content = json.loads(pathlib.Path(graph).read_text())
    for symbol in content["symbols"]:
        hang(symbol.get("docComment", {}).get("lines", []))
    pathlib.Path(graph).write_text(json.dumps(content))
