"""The look holds its own rules: forms say what is wrong where it is, no page needs inline style or script."""

from __future__ import annotations

import re
from pathlib import Path

from django import forms
from django.template.loader import get_template, render_to_string
from django.utils import translation

from core.forms.layout import Choices, PageHelper, Stack
from programme.choices import Choice

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
MAIL = (
    TEMPLATES / "outbox" / "mail.html"
)  # the one template with inline style: mail programs drop the head


class Answer(forms.Form):
    """One field of each kind the templates know."""

    answer = forms.ChoiceField(
        label="Wie antworten Sie?",
        choices=[("yes", Choice("Ja", "Sie erhalten beide die Kontaktdaten.")), ("no", "Nein")],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label="Warum?", required=False, widget=forms.Textarea)
    goal = forms.CharField(
        label="Ihr Ziel",
        help_text="Ein Satz genügt.",
        widget=forms.TextInput(attrs={"placeholder": "nie zu sehen"}),
    )
    agree = forms.BooleanField(label="Einverstanden", required=False)
    helper = PageHelper(Stack(Choices("answer", {"no": ["reason"]}), "goal", "agree"))


def _rendered(data: dict[str, str] | None = None) -> str:
    with translation.override("de"):
        return str(Answer(data))


def test_control_points_at_its_help_and_its_error_by_ids_that_exist() -> None:
    html = _rendered({"answer": "yes"})
    described = re.search(r'name="goal"[^>]*aria-describedby="([^"]+)"', html)
    assert described is not None
    assert described[1].split() == ["id_goal_helptext", "id_goal_error"]
    for name in described[1].split():
        assert html.count(f'id="{name}"') == 1


def test_error_stands_above_the_control_and_in_the_summary() -> None:
    html = _rendered({"answer": "yes"})
    assert html.index('id="id_goal_error"') < html.index('name="goal"')
    assert '<a href="#id_goal">Ihr Ziel</a> Diese Angabe fehlt noch.' in html
    assert html.count('role="alert"') == 1


def test_form_without_errors_has_no_summary() -> None:
    assert 'role="alert"' not in _rendered()


def test_summary_leads_to_the_first_radio_button_of_a_group() -> None:
    html = _rendered({"goal": "x"})
    assert 'href="#id_answer_0"' in html
    assert html.count('id="id_answer_0"') == 1


def test_no_choice_is_preselected_and_each_is_labelled_on_its_card() -> None:
    html = _rendered()
    assert "checked" not in html
    assert html.count('class="choice"') == 3
    assert 'for="id_answer_1">Nein</label>' in html
    assert "Ja <span>Sie erhalten beide die Kontaktdaten.</span></label>" in html


def test_field_beside_a_choice_stands_there_and_nowhere_else() -> None:
    html = _rendered()
    assert html.count('name="reason"') == 1
    assert html.index('value="no"') < html.index('name="reason"') < html.index("</fieldset>")


def test_optional_is_told_in_words_and_placeholders_are_not_shown() -> None:
    html = _rendered()
    assert 'Warum? <span class="soft">(freiwillig)</span>' in html
    assert "(freiwillig)" not in html[html.index("Ihr Ziel") :]
    assert "nie zu sehen" not in html


def test_a_name_in_a_label_or_value_stays_text() -> None:
    form = Answer({"answer": "yes", "goal": "<b>x</b>"})
    form.fields["goal"].label = "<i>Ziel</i>"
    html = str(form)
    assert "<b>x</b>" not in html
    assert "<i>Ziel</i>" not in html


def test_bar_writes_numbers_with_a_point_in_every_language() -> None:
    with translation.override("de"):
        html = render_to_string("ui/includes/bar.html", {"value": 31.5, "of": 80, "goal": 40.5})
    assert 'width="31.5"' in html
    assert "M40.5 0V6" in html
    assert "31,5" not in html


def test_server_error_page_needs_no_context_and_no_database() -> None:
    html = get_template("500.html").render({})
    assert html.count("<h1") == 1
    assert 'lang="en"' in html


def test_p6_no_template_has_inline_style_or_script() -> None:
    inline = re.compile(
        r"\sstyle=|<style|\son[a-z]+=\"|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE
    )
    found = {
        str(path.relative_to(ROOT)): inline.findall(path.read_text())
        for path in TEMPLATES.rglob("*.html")
        if path != MAIL
    }
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_every_primary_button_names_its_verb() -> None:
    """Outside checks find them by it (contract)."""
    button = re.compile(r'<(?:a|button|input)\b[^>]*\bclass="[^"]*\bbtn-primary\b[^>]*>')
    found = [
        (str(path.relative_to(TEMPLATES)), tag)
        for path in TEMPLATES.rglob("*.html")
        for tag in button.findall(path.read_text())
    ]
    assert len(found) > 20
    assert [one for one in found if not re.search(r"\s(?:data-action|name)=", one[1])] == []


def test_style_sheets_fetch_nothing_from_elsewhere() -> None:
    for path in (ROOT / "static").rglob("*.css"):
        assert not re.search(r"url\((?!\"[\w-]+\.woff2\")|@import|https?://", path.read_text()), (
            path.name
        )


def test_colours_stand_in_the_tokens_alone() -> None:
    allowed = {"#ffffff"}  # the paper of a QR code
    for path in (ROOT / "static" / "ui").glob("*.css"):
        if path.name != "tokens.css":
            colours = set(re.findall(r"#[0-9a-fA-F]{6}\b", path.read_text()))
            assert colours <= allowed, path.name


def test_nothing_that_is_chosen_or_pointed_at_grows_bolder() -> None:
    """A bolder word is a wider one: the row would jump aside under the pointer."""
    rule = re.compile(r"([^{}]*)\{([^{}]*)\}")
    grows = re.compile(r":(?:checked|hover|focus|focus-visible|active)\b")
    weight = re.compile(r"font-weight|letter-spacing|font-size")
    assert grows.search("label:has(input:checked)")
    assert weight.search("font-weight: 700")
    for path in (ROOT / "static" / "ui").glob("*.css"):
        sheet = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        jumping = [
            selector.strip()
            for selector, body in rule.findall(sheet)
            if grows.search(selector) and weight.search(body)
        ]
        assert jumping == [], path.name
