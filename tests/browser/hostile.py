"""Documents written to do harm: markup in their names, titles and texts."""

import json
from pathlib import Path

IMAGE = '<img src="http://evil.example/x.png" onerror="alert(1)">'
SCRIPT = "<script>alert(2);document.title='hacked'</script>"
LINKS = '[click](javascript:alert(3)) <a href="javascript:alert(4)">go</a>'
NAME = "<img src=x onerror=alert(5)>.txt"
TITLE = '</h2><b onmouseover="alert(6)">Zebra</b>'
SENTENCE = f"The zebra {IMAGE} was painted {SCRIPT} by {LINKS} in Oslo."
OTHER = f"An okapi {IMAGE} sang in Riga."
LONG = "z" * 600


def write_hostile_corpus(parent: Path) -> Path:
    """Write the documents into a folder whose name is markup too, and return it."""
    folder = parent / "<b>corpus<"
    folder.mkdir()
    text = f"{TITLE}\n\n{SENTENCE}\n\n![i](http://evil.example/i.png) {LONG} </mark></div></article> slept."
    (folder / NAME).write_text(text, "utf-8")
    record = {"id": '"><svg onload=alert(7)>', "title": SCRIPT, "text": OTHER, "url": "javascript:alert(8)"}
    (folder / "more.jsonl").write_text(json.dumps(record), "utf-8")
    return folder
