"""The spell check of ``make check``: every word people read, in German and in British English.

hunspell judges; names and terms it does not know stand in ``locale/words.de.txt`` and
``locale/words.en.txt``, sorted, one a line. A gender form is judged by its stem (Mentor_innen: Mentor), a
compound with hyphens by its parts, a possessive by its noun; placeholders, code, addresses and file names are no words.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
DICTIONARIES = {"de": "de_DE", "en": "en_GB"}
# What is no running text. Order matters: code and addresses go before placeholders and tags.
_NO_WORDS = [
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r"```.*?```",
        r"`[^`]*`",
        r"\]\([^)]*\)",
        r"(?:https?|mailto):[^\s)>\"]*",
        r"[\w.+-]+@[\w.-]+",
        r"\bwww\.[\w./-]+",
        r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|{%.*?%}|{{.*?}}",
        r"<(script|style|code|kbd)\b.*?</\1>",
        r"<!--.*?-->|<[^<>]*>",
        r"%\(\w+\)[sd]|%[sd%]|\{[\w:]*\}",
        r"&#?\w+;",
        r"\b[\w-]*(?:/[\w.*-]+)+/?",
        r"\b[\w-]+\.(?:py|html|css|js|md|txt|json|toml|po|example|org)\b",
        r"^\?!?\w+:?",
    )
]
_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*(?:_in(?:nen)?\b)?")


@dataclass(frozen=True)
class Text:
    """A text, the languages its words may be of, and where it stands."""

    words: str
    languages: tuple[str, ...]
    where: str


# ── what is read ─────────────────────────────────────────────────────────────
def texts() -> Iterator[Text]:
    """The catalogue, letters, pages and notices, the templates' own words, the word lists that come with
    the software and the documents."""
    for entry in polib.pofile(str(ROOT / "locale" / "de" / "LC_MESSAGES" / "django.po")):
        where = entry.occurrences[0][0] if entry.occurrences else "django.po"
        for english in filter(None, (entry.msgid, entry.msgid_plural)):
            yield Text(english, ("en",), where)
        for german in filter(None, (entry.msgstr, *entry.msgstr_plural.values())):
            yield Text(german, ("de",), f"{where} ({entry.msgid[:40]!r})")
    for path in sorted((ROOT / "templates").rglob("*.txt")):
        named = tuple(one for one in DICTIONARIES if path.name.endswith(f".{one}.txt"))
        yield from _lines(path, named or tuple(DICTIONARIES))
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield Text(path.read_text(encoding="utf-8"), ("de", "en"), str(path.relative_to(ROOT)))
    for name in ("programme/vocabulary.py", "matching/engine/german.py"):
        for number, said in _strings(ROOT / name):
            yield Text(said, ("de", "en"), f"{name}:{number}")
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        languages = ("de", "en") if path.name == "glossary.md" else ("en",)
        yield Text(path.read_text(encoding="utf-8"), languages, str(path.relative_to(ROOT)))


def _lines(path: Path, languages: tuple[str, ...]) -> Iterator[Text]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        said = re.sub(r"^(?:subject|preview|title): ", "", line)
        yield Text(said, languages, f"{path.relative_to(ROOT)}:{number}")


def _strings(path: Path) -> Iterator[tuple[int, str]]:
    """The string constants of a module with a blank or a capital in them: what is shown, no codes."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        said = node.value if isinstance(node, ast.Constant) else None
        if (
            isinstance(node, ast.Constant)
            and isinstance(said, str)
            and re.search("[A-ZÄÖÜ ]", said)
        ):
            yield node.lineno, said


def words(text: str) -> Iterator[str]:
    """The words of a text as a dictionary knows them."""
    for pattern in _NO_WORDS:
        text = pattern.sub(" ", text)
    for found in _WORD.findall(text):
        word = re.sub(r"_in(nen)?$|['’]s$", "", found).replace("’", "'")
        if len(word) > 1:
            yield word


# ── what is right ────────────────────────────────────────────────────────────
def own_words(language: str) -> list[str]:
    """Our own list of a language."""
    return (ROOT / "locale" / f"words.{language}.txt").read_text(encoding="utf-8").split()


def unknown(candidates: Iterable[str], language: str) -> set[str]:
    """Those that neither hunspell nor our own list knows; the list knows a word with a capital too."""
    listed = set(own_words(language))
    open_words = {
        word
        for word in set(candidates)
        if word not in listed and word[:1].lower() + word[1:] not in listed
    }
    told = subprocess.run(
        ["hunspell", "-d", DICTIONARIES[language], "-i", "utf-8", "-l"],
        input="\n".join(sorted(open_words)),
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return set(told.stdout.split()) & open_words


def misspelt(found: Iterable[Text]) -> list[str]:
    """“word  where” for every word that none of its text's languages knows."""
    read = [(text, set(words(text.words))) for text in found]
    wrong = {
        language: unknown(
            (word for text, said in read if language in text.languages for word in said), language
        )
        for language in DICTIONARIES
    }
    return sorted(
        f"{word}  {text.where}"
        for text, said in read
        for word in said
        if all(word in wrong[language] for language in text.languages)
    )


def check() -> str:
    """What is misspelt, one a line; and whether our own lists are in order."""
    if not shutil.which("hunspell"):
        if os.environ.get("REQUIRE_SERVICES") == "1" or os.environ.get("CI"):
            return "hunspell is missing: the spelling can't be checked"
        print("  (hunspell is not installed: the spelling was not checked)")
        return ""
    found = misspelt(texts())
    for language in DICTIONARIES:
        listed = own_words(language)
        if listed != sorted(set(listed)):
            found.append(f"locale/words.{language}.txt is not sorted, or names a word twice")
    return "\n".join(found)


if __name__ == "__main__":
    if problem := check():
        sys.exit(problem)
