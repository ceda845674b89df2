"""Forms have one markup, and their controls cost no template each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import pytest
from crispy_forms.helper import FormHelper
from django import forms
from django.apps import apps
from django.contrib import admin
from django.forms.models import BaseModelForm
from django.template import engines
from django.test.signals import template_rendered
from django.utils import translation
from django.utils.safestring import mark_safe

from core.forms.layout import Choices, PageHelper, Row, Stack, Unmarked
from core.forms.rendering import CONTROLS, FormRenderer

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "\"><script>x</script>&amp;'"


class Controls(HTMLParser):
    """The tags of a piece of HTML with their attributes, and the text within each."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), ""))

    def handle_data(self, data: str) -> None:
        if self.found:
            tag, attrs, text = self.found[-1]
            self.found[-1] = (tag, attrs, text + data)

    def of(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        return [(attrs, text.strip()) for name, attrs, text in self.found if name == tag]


class WithDisabled(forms.Select):
    """The second entry can't be chosen."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        if option["value"] == "b":
            option["attrs"]["disabled"] = True
        return option


class Sample(forms.Form):
    """Each kind of choice, grouped and hostile, and a text."""

    GROUPED: ClassVar = [
        ("", "please choose"),
        (HOSTILE, [("a", HOSTILE), ("b", "closed")]),
        ("second", [(HOSTILE, "c"), (4, mark_safe("<i>d</i>"))]),
    ]
    one = forms.ChoiceField(choices=GROUPED, widget=WithDisabled)
    many = forms.MultipleChoiceField(choices=GROUPED)
    radio = forms.ChoiceField(choices=GROUPED, widget=forms.RadioSelect)
    boxes = forms.MultipleChoiceField(choices=GROUPED, widget=forms.CheckboxSelectMultiple)
    text = forms.CharField(help_text="why", widget=forms.Textarea)
    optional = forms.CharField(required=False)


@contextmanager
def templates() -> Iterator[list[str]]:
    """The names of the templates rendered meanwhile."""
    names: list[str] = []

    def note(template: Any, **_: Any) -> None:
        names.append(template.name)

    template_rendered.connect(note)
    try:
        yield names
    finally:
        template_rendered.disconnect(note)


def test_a_select_writes_its_options_escaped_grouped_and_chosen_without_a_template() -> None:
    form = Sample({"one": HOSTILE, "many": ["a", "4"]})
    with templates() as used:
        one, many = Controls(str(form["one"])), Controls(str(form["many"]))
    assert used == []
    assert one.of("optgroup") == [({"label": HOSTILE}, ""), ({"label": "second"}, "")]
    assert one.of("option") == [
        ({"value": ""}, "please choose"),
        ({"value": "a"}, HOSTILE),
        ({"value": "b", "disabled": None}, "closed"),
        ({"value": HOSTILE, "selected": None}, "c"),
        ({"value": "4"}, ""),  # its label is markup: see the next line
    ]
    assert one.of("i") == [({}, "d")]
    assert one.of("script") == many.of("script") == []
    assert [attrs["value"] for attrs, _text in many.of("option") if "selected" in attrs] == [
        "a",
        "4",
    ]
    assert many.of("select")[0][0]["multiple"] is None
    shown = one.of("select")[0][0]
    assert shown["name"] == "one"
    assert shown["id"] == "id_one"
    assert Sample({}).errors
    assert 'aria-invalid="true"' in str(Sample({})["one"])


def test_a_group_of_choices_costs_no_template_and_a_field_one() -> None:
    form = Sample({"radio": HOSTILE, "boxes": ["a", "4"], "text": HOSTILE})
    with templates() as used:
        radio, boxes = Controls(str(form["radio"])), Controls(str(form["boxes"]))
        text = Controls(str(form["text"]))
    assert used == []
    for group, chosen in ((radio, [HOSTILE]), (boxes, ["a", "4"])):
        inputs = [attrs for attrs, _text in group.of("input")]
        assert [one["value"] for one in inputs] == ["", "a", "b", HOSTILE, "4"]
        assert [one["value"] for one in inputs if "checked" in one] == chosen
        assert [attrs["for"] for attrs, _text in group.of("label")] == [one["id"] for one in inputs]
        assert [text for _attrs, text in group.of("p")] == [HOSTILE, "second"]
        assert group.of("script") == []
    assert text.of("textarea")[0][1] == HOSTILE
    with templates() as used:
        form["boxes"].as_field_group()
    assert used == ["ui/field.html"]


def test_layout_default_and_django_write_one_markup() -> None:
    """… whether a page says ``{{ form }}`` (with the summary), ``{% crispy form %}`` or names a field."""
    form = Sample({"text": HOSTILE})
    crispy = engines["django"].from_string("{% load crispy_forms_tags %}{% crispy form %}")
    plain = crispy.render({"form": form})
    assert re.sub(r"\s+", " ", plain) in re.sub(r"\s+", " ", str(form)) + " "
    for bound in form.visible_fields():
        assert str(bound.as_field_group()).strip() in plain
    laid = Sample({"text": HOSTILE})
    laid.helper = PageHelper(  # type: ignore[attr-defined]
        Stack(
            Choices("radio", {"b": [Unmarked("optional")], "nowhere": ["none"]}),
            Row("Both", "one", "text", optional=True),
            "many",
            "boxes",
        )
    )
    html = crispy.render({"form": laid})
    for name in ("one", "text", "many", "boxes"):
        assert str(form[name].as_field_group()).strip() in html
    assert html.count("(optional)") + html.count("(freiwillig)") == 1  # the row's
    assert html.index('value="b"') < html.index('name="optional"') < html.index('value="4"')
    laid.helper.layout.append("text")  # type: ignore[attr-defined]
    with pytest.raises(Exception, match="only be rendered once"):
        crispy.render({"form": laid})


# ── all forms of ours ────────────────────────────────────────────────────────
def ours() -> list[type[forms.BaseForm]]:
    """Every form class of the project, apart from the change forms of the admin."""
    for config in apps.get_app_configs():
        for path in Path(config.path).rglob("*.py"):
            module = (
                ".".join(path.relative_to(ROOT).with_suffix("").parts)
                if (path.is_relative_to(ROOT) and ".venv" not in path.parts)
                else ""
            )
            if "forms" in module:
                import_module(module.removesuffix(".__init__"))
    admin.autodiscover()

    def below(kind: type[Any]) -> Iterator[type[Any]]:
        for one in kind.__subclasses__():
            yield one
            yield from below(one)

    homes = {path.name for path in ROOT.iterdir() if (path / "__init__.py").exists()} - {"tests"}
    return [
        one
        for one in {*below(forms.BaseForm)}
        if one.__module__.split(".")[0] in homes and not issubclass(one, BaseModelForm)
    ]


def test_every_form_of_ours_is_rendered_by_the_pack() -> None:
    """No form has a template or a renderer of its own, and every layout names fields of its form."""
    found = ours()
    assert len(found) > 30
    for form in found:
        assert form.template_name is forms.BaseForm.template_name, form
        assert form.default_renderer in (None, FormRenderer), form
        helper = getattr(form, "helper", None)
        if isinstance(helper, FormHelper):
            assert isinstance(helper, PageHelper), form
    assert forms.Form().template_name == "ui/form.html"
    assert isinstance(forms.Form().renderer, FormRenderer)
    assert set(CONTROLS) >= {"django/forms/widgets/select.html", "django/forms/widgets/radio.html"}


# A line of a sheet, whose errors stand above its controls, and a note in the object's own form.
IN_CELLS = {
    "workshops/forms/line.html",
    "mentees/admin/application.html",
}


def test_no_page_writes_a_field_of_a_form_by_hand() -> None:
    by_hand = re.compile(
        r"\{%\s*for \w+ in (?:\w+\.)*form(?:\.visible_fields)?\s*%\}|\{\{\s*(?:\w+\.)*form\.\w+\.(?:errors|label|id_for_label|as_)"
    )
    written = {
        str(path.relative_to(ROOT / "templates"))
        for path in (ROOT / "templates").rglob("*.html")
        if by_hand.search(path.read_text())
    }
    pack = {"ui/whole_uni_form.html", "ui/errors.html"}
    admins = {one for one in written if one.startswith("admin/edit_inline/")}
    assert written - pack - admins <= IN_CELLS, written
    assert written >= pack


@pytest.mark.parametrize(("number", "said"), [(0, "mindestens 1 an."), (31, "höchstens 30 an.")])
def test_the_limit_of_a_number_is_said_in_a_kind_sentence(number: int, said: str) -> None:
    field = forms.IntegerField(min_value=1, max_value=30)
    with translation.override("de"), pytest.raises(forms.ValidationError) as refused:
        field.clean(number)
    assert refused.value.messages == [f"Bitte geben Sie {said}"]
