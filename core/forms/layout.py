"""Layouts of forms for django-crispy-forms, beyond its own layout objects; the template pack is ``templates/ui/``.

A form declares ``helper = PageHelper(Stack("name", "email", …))``; one without a helper shows its fields in the
order of their declaration. A page writes ``<form>``, the token, ``{% crispy form %}`` and the buttons. Hidden
fields, and the ``opened`` values of an edit form, follow the layout by themselves. A page that shows no summary of
the errors elsewhere writes ``{{ form }}``: the summary, then the same layout.

Layout objects are shared between requests: they keep nothing of the form they render.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, LayoutObject
from crispy_forms.utils import TEMPLATE_PACK, render_field
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString


class PageHelper(FormHelper):
    """A layout inside the ``<form>`` that the page writes."""

    form_tag = False
    disable_csrf = True

    def __init__(self, *fields: Any) -> None:
        super().__init__()
        self.layout = Layout(*fields)


class Group(LayoutObject):
    """Fields inside a template, which gets their HTML as ``fields``, the ``form``, and ``context``."""

    template = ""

    def __init__(self, *fields: Any, **context: Any) -> None:
        self.fields, self.context = list(fields), context

    def render(
        self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """The HTML. Raises where a field is unknown or was already rendered."""
        inner = self.get_rendered_fields(form, context, template_pack)
        shown = {**context.flatten(), **self.context, "form": form, "fields": inner}
        return render_to_string(self.get_template_name(template_pack), shown)


class Stack(Group):
    """Fields one below the other."""

    template = "%s/layout/stack.html"


class Row(Group):
    """Fields side by side under one ``legend``; ``optional`` says whether it is marked so, instead of each
    field."""

    template = "%s/layout/row.html"

    def __init__(self, legend: Any, *fields: Any, optional: bool = False) -> None:
        super().__init__(Unmarked(*fields), legend=legend, optional=optional)


class Unmarked(LayoutObject):
    """Fields never marked “(optional)”: they are needed with the choice they belong to, or their group is
    marked."""

    def __init__(self, *fields: Any) -> None:
        self.fields = list(fields)

    def render(
        self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """The fields one after the other."""
        return self.get_rendered_fields(
            form, context, template_pack, extra_context={"unmarked": True}
        )


class Segments(LayoutObject):
    """The radio buttons of field ``name`` side by side, its label for screen readers alone."""

    template = "%s/layout/segments.html"

    def __init__(self, name: str) -> None:
        self.fields = [name]

    def render(
        self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """The field with what is wrong with it."""
        return render_field(
            self.fields[0],
            form,
            context,
            template=self.get_template_name(template_pack),
            template_pack=template_pack,
        )


class Choices(LayoutObject):
    """The radio buttons of field ``name``; ``beside`` names for a choice's value what shows with that choice.

    ``template`` gets the ``options``: pairs of Django's BoundWidget and the HTML of what shows with it.
    """

    def __init__(
        self,
        name: str,
        beside: Mapping[str, Sequence[Any]],
        template: str = "%s/layout/choices.html",
    ) -> None:
        self.name, self.beside, self.template = name, beside, template
        self.fields = [name]

    def render(
        self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """The field with its choices. A choice that the form doesn't offer is left out."""
        options = []
        for option in form[self.name]:
            others = self.beside.get(str(option.data["value"]), ())
            shown = [
                (render_field(one, form, context, template_pack=template_pack),) for one in others
            ]
            options.append((option, format_html_join("", "{}", shown)))
        control = render_to_string(
            self.get_template_name(template_pack), {"field": form[self.name], "options": options}
        )
        return render_field(
            self.name,
            form,
            context,
            template_pack=template_pack,
            extra_context={"control": control},
        )
