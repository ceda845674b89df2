"""Forms as HTML: the template pack ``ui`` for fields, this module for their controls.

Controls are written in Python and not by Django's widget templates, which cost a template for each attribute
list and each option. A field of a form so costs one template (decision 0021).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core import kept_input


class KeptBoundField(BoundField):
    """A field of a form that was sent earlier and not accepted: it shows what was entered then (C11)."""

    _as_opened = False

    def as_widget(self, widget: Any = None, attrs: Any = None, only_initial: bool = False) -> Any:
        """Keeps the hidden ``initial`` value with which the form was first opened."""
        self._as_opened = only_initial
        try:
            return super().as_widget(widget, attrs, only_initial)
        finally:
            self._as_opened = False

    def value(self) -> Any:
        """The kept entry, else Django's value."""
        kept = kept_input.current()
        if kept is None or self.form.is_bound or self.field.disabled or not kept.has(self.form):
            return super().value()
        if not self._as_opened:
            found = kept.value(self.field.widget, self.html_name)
        elif self.html_initial_name in kept.data:
            found = kept.value(self.field.hidden_widget(), self.html_initial_name)
        else:
            return super().value()
        return self.field.prepare_value(self.field.bound_data(found, self.initial))


class FormRenderer(TemplatesSetting):
    """Django's form rendering by the pack's templates, so that ``{{ form }}``, allauth's pages and
    ``{% crispy form %}`` look alike; controls by ``CONTROLS``."""

    bound_field_class = KeptBoundField
    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"

    def render(self, template_name: str, context: Any, request: Any = None) -> Any:
        """The HTML of a form, a field or a control."""
        control = CONTROLS.get(template_name)
        if control is None:
            return super().render(template_name, context, request)
        return control(context["widget"])


# Values and labels are taken as text before they are escaped: as in a template, only a SafeString stays.
def _attributes(attrs: Mapping[str, Any]) -> str:
    """No placeholders: the label and the help text say what is meant."""
    return flatatt({name: one for name, one in attrs.items() if name != "placeholder"})


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = widget["value"]
    return format_html(
        '<input type="{}" name="{}"{}{}>',
        widget["type"],
        widget["name"],
        "" if value is None else format_html(' value="{}"', str(value)),
        _attributes(widget["attrs"]),
    )


def _textarea(widget: Mapping[str, Any]) -> SafeString:
    return format_html(
        '<textarea name="{}"{}>\n{}</textarea>',  # a browser drops the first line break
        widget["name"],
        _attributes(widget["attrs"]),
        str(widget["value"] or ""),
    )


def _select(widget: Mapping[str, Any]) -> SafeString:
    return format_html(
        '<select name="{}"{}>{}</select>',
        widget["name"],
        _attributes(widget["attrs"]),
        format_html_join("", "{}", ((_options(*one),) for one in widget["optgroups"])),
    )


def _options(group: Any, options: Iterable[Mapping[str, Any]], _index: int) -> SafeString:
    written = format_html_join(
        "",
        '\n<option value="{}"{}>{}</option>',
        (
            (str(one["value"]), flatatt(one["attrs"]) if one["attrs"] else "", str(one["label"]))
            for one in options
        ),
    )
    return format_html('\n<optgroup label="{}">{}</optgroup>', group, written) if group else written


def _cards(widget: Mapping[str, Any]) -> SafeString:
    """Radio buttons or checkboxes as choice cards; a label may carry ``help``, one more line on its card."""
    attrs = widget["attrs"]
    shown = {"class": f"choices {attrs.get('class', '')}".strip(), "id": attrs.get("id")}
    return format_html(
        "<div{}>{}\n</div>",
        flatatt(shown),
        format_html_join("", "{}{}", (_group(*one) for one in widget["optgroups"])),
    )


def _group(group: Any, options: Iterable[Mapping[str, Any]], _index: int) -> tuple[str, SafeString]:
    return (
        format_html('<p class="choices-title">{}</p>', group) if group else "",
        format_html_join(
            "",
            '\n<div class="choice">{}<label{}>{}{}</label></div>',
            (
                (_input(one), _label_for(one), str(one["label"]), _help(one["label"]))
                for one in options
            ),
        ),
    )


def _help(label: Any) -> str:
    found = getattr(label, "help", "")
    return format_html(" <span>{}</span>", found) if found else ""


def _label_for(option: Mapping[str, Any]) -> str:
    return flatatt({"for": option["attrs"].get("id")})


def _option(widget: Mapping[str, Any]) -> SafeString:
    """One radio button or checkbox of a group, which a template places itself."""
    control = _input(widget)
    if not widget.get("wrap_label"):
        return control
    return format_html("<label{}>{} {}</label>", _label_for(widget), control, str(widget["label"]))


# By the name of the Django template they stand for; all others stay templates.
CONTROLS: Mapping[str, Callable[[Mapping[str, Any]], SafeString]] = {
    **{
        f"django/forms/widgets/{kind}.html": _input
        for kind in [
            "checkbox",
            "date",
            "datetime",
            "email",
            "file",
            "hidden",
            "input",
            "number",
            "password",
            "search",
            "tel",
            "text",
            "time",
            "url",
        ]
    },
    "django/forms/widgets/checkbox_option.html": _option,
    "django/forms/widgets/checkbox_select.html": _cards,
    "django/forms/widgets/multiple_input.html": _cards,
    "django/forms/widgets/radio.html": _cards,
    "django/forms/widgets/radio_option.html": _option,
    "django/forms/widgets/select.html": _select,
    "django/forms/widgets/textarea.html": _textarea,
}
