"""The glossary: each word has its row, and a lesson that teaches it."""

import json
import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
GLOSSARY = PROJECT / "notebooks" / "glossary.md"
ROWS = re.findall(r'^\| <a id="([a-z-]+)"></a>(.*) \|$', GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)


def test_each_word_has_one_row_with_a_sentence_and_the_lesson_that_teaches_it():
    assert len(ROWS) == GLOSSARY.read_text(encoding="utf-8").count("<a id=")
    assert len({name for name, _ in ROWS}) == len(ROWS) > 30
    for name, row in ROWS:
        word, _symbol, _shape, sentence, lesson = (cell.strip() for cell in row.split("|"))
        assert word.startswith("**") and sentence.endswith("."), name
        number, target = re.fullmatch(r"\[(\d\d)\]\((\S+)\)", lesson).groups()
        assert target.startswith(f"{number}_") and (GLOSSARY.parent / target).exists(), name


def test_jupyterlab_opens_it_as_a_page_rather_than_as_its_source():
    settings = json.loads((PROJECT / "tools" / "jupyterlab" / "overrides.json").read_text())
    assert settings["@jupyterlab/docmanager-extension:plugin"]["defaultViewers"] == {"markdown": "Markdown Preview"}
