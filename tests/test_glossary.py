"""The glossary: each word has a sentence, the lesson that teaches it, and a link from a lesson that leads to it."""

import json
import re
from pathlib import Path

import pytest

from tools.lessons import anchor

PROJECT = Path(__file__).resolve().parent.parent
GLOSSARY = PROJECT / "notebooks" / "glossary.md"
WORDS = dict(re.findall(r"^### (.+)\n\n(.+)$", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE))


def test_each_word_has_a_sentence_and_the_lesson_that_teaches_it():
    text = GLOSSARY.read_text(encoding="utf-8")
    assert text.count("\n### ") == len(WORDS) > 30
    assert len({anchor(word).lower() for word in WORDS}) == len(WORDS)
    for word, said in WORDS.items():
        number, target = re.fullmatch(r"[^\n]+\. Lesson \[(\d\d)\]\((\S+)\)\.", said).groups()
        assert target.startswith(f"{number}_") and (GLOSSARY.parent / target).exists(), word


def test_its_list_names_every_word_in_alphabetical_order():
    links = re.findall(r"\[([^\]]+)\]\(glossary\.md#(\S+?)\)", GLOSSARY.read_text(encoding="utf-8"))
    assert links == [(word, anchor(word)) for word in sorted(WORDS, key=str.lower)]


@pytest.mark.parametrize("word", WORDS)
def test_a_lesson_leads_to_it(word):
    link = f"](glossary.md#{anchor(word)})"
    assert any(link in path.read_text(encoding="utf-8") for path in GLOSSARY.parent.glob("*.ipynb"))


def test_jupyterlab_opens_it_as_a_page_rather_than_as_its_source():
    settings = json.loads((PROJECT / "tools" / "jupyterlab" / "overrides.json").read_text())
    assert settings["@jupyterlab/docmanager-extension:plugin"]["defaultViewers"] == {"markdown": "Markdown Preview"}
