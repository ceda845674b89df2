"""The workbench page inside the admin: plain forms, no script, a fixed number of queries."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from backoffice.object_actions import actor
from core.audit import Actor
from core.errors import RuleViolation
from core.http import now_of, sent
from core.templatetags.ui import until_when
from matching import actions, explanation_text
from matching.forms import PairForm, PlanForm
from matching.models import MatchingRun, Objective, PairRule, Tandem
from matching.workbench import panels, price
from matching.workbench.data import Bench, chosen_of, gather, told_about
from mentees.models import Mentee
from mentors.models import Mentor
from programme.models import Cohort


def workbench(request: HttpRequest, cohort_id: uuid.UUID, *, site: AdminSite) -> HttpResponse:
    """The latest plan of a cohort the coordinator is assigned to; 404 for any other (promise A1)."""
    cohort = get_object_or_404(Cohort.objects.coordinated_by(request.user), pk=cohort_id)
    if request.method != "POST":
        return _page(request, cohort, site, request.GET.get("mentee"))
    form = PairForm(*sent(request), auto_id="%s")
    if set(form.errors) == {"note"}:
        return _page(request, cohort, site, str(form.cleaned_data["mentee"]), refused=form)
    return _decide(request, cohort)


def _page(
    request: HttpRequest,
    cohort: Cohort,
    site: AdminSite,
    wanted: str | None,
    refused: PairForm | None = None,
) -> HttpResponse:
    """The page with a mentee selected; ``refused`` is a pair whose note was refused and has to be corrected."""
    bench = gather(cohort, now_of(request))
    chosen = chosen_of(bench, wanted)
    if wanted and chosen is None:
        gone = _gone(cohort, wanted)
        messages.info(request, _("%(mentee)s is no longer taking part.") % {"mentee": gone})
        chosen = chosen_of(bench, None)
    asked = _asked(bench, request.GET.get("mentor"))
    context: dict[str, Any] = {
        **site.each_context(request),
        "title": _("Matching %(cohort)s") % {"cohort": cohort},
        "opts": MatchingRun._meta,
        "cohort": cohort,
        "run": bench.run,
        "bench": bench,
        "stale": bench.run is not None and bench.stale,
        "plan_form": PlanForm(
            initial={"objective": bench.run and bench.run.objective}, auto_id="%s"
        ),
        "figures": panels.figures(bench),
        "roster": panels.roster(bench, chosen),
        "rules": bench.rules,
        "blocking": panels.blocking_pairs(bench),
        "close": panels.close_pairs(bench),
        "matrix": panels.matrix(bench, chosen, asked),
        "weights": _weights(bench.run),
        "refused": refused,
        "pair_form": refused or PairForm(auto_id="%s"),
    }
    if chosen is not None:
        context |= _chosen(bench, chosen, asked, everything="all" in request.GET)
    status = 400 if refused else 200
    return TemplateResponse(request, "matching/admin/workbench.html", context, status=status)


def _gone(cohort: Cohort, wanted: str) -> Mentee:
    """The mentee of this cohort who has left or completed meanwhile; 404 for anybody else."""
    try:
        key = uuid.UUID(wanted)
    except ValueError:
        raise Http404 from None
    return get_object_or_404(Mentee.objects.select_related("user"), cohort=cohort, pk=key)


def _asked(bench: Bench, wanted: str | None) -> uuid.UUID | None:
    """The mentor of the question “why not?”."""
    if not wanted:
        return None
    try:
        key = uuid.UUID(wanted)
    except ValueError:
        raise Http404 from None
    if key not in bench.mentors:
        raise Http404
    return key


def _chosen(
    bench: Bench, chosen: uuid.UUID, asked: uuid.UUID | None, *, everything: bool
) -> dict[str, Any]:
    mentee = bench.mentees[chosen]
    planned = bench.planned.get(chosen)
    told = told_about(bench.run, chosen) if bench.run else {}
    return {
        "mentee": mentee,
        "about": panels.about(mentee),
        "tandem": bench.tandems.get(chosen),
        "planned": bench.mentors.get(planned) if planned else None,
        "tried": panels.tried(bench, chosen, planned) if planned else "",
        "ranking": panels.ranking(bench, chosen, told, everything=everything),
        "own_rules": [rule for rule in bench.rules if rule.mentee_id == chosen],
        "why": price.why_not(bench, chosen, asked) if asked and asked != planned else None,
    }


def _weights(run: MatchingRun | None) -> list[dict[str, Any]]:
    if run is None:
        return []
    return [
        {
            "name": explanation_text.COMPONENTS.get(name, name),
            "weight": panels.two(weight),
            "mean": panels.two(run.result.get("means", {}).get(name)),
        }
        for name, weight in sorted(run.weights.items(), key=lambda item: -item[1])
    ]


# ── deciding ─────────────────────────────────────────────────────────────────
def _decide(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """Calls the verb of the pressed button, and redirects to the same mentee."""
    verb = next((name for name in _VERBS if name in request.POST), None)
    target = request.path
    if verb is None:
        raise Http404
    try:
        done, mentee = _VERBS[verb](request, cohort, actor(request))
    except RuleViolation as violation:
        messages.error(request, str(violation))
        mentee = request.POST.get("mentee", "")
    else:
        messages.success(request, done)
    if mentee:
        target += f"?mentee={mentee}"
    return HttpResponseRedirect(target)


Done = tuple[str, str]


def _compute(request: HttpRequest, cohort: Cohort, by: Actor) -> Done:
    objective = request.POST.get("objective", Objective.TOTAL)
    run = actions.compute_plan(cohort, objective, by=by, now=now_of(request))
    sentence = _(
        "Run %(number)d has been computed. Mentees with a suggestion: %(matched)d of %(of)d."
    )
    return sentence % {
        "number": run.number,
        "matched": run.result["matched"],
        "of": run.result["of"],
    }, _kept(request, cohort)


def _kept(request: HttpRequest, cohort: Cohort) -> str:
    """The previously selected mentee, if of this cohort."""
    form = PairForm(*sent(request))
    form.is_valid()
    key = form.cleaned_data.get("mentee")
    known = key is not None and Mentee.objects.filter(cohort=cohort, pk=key).exists()
    return str(key) if known else ""


def _pair(request: HttpRequest, cohort: Cohort) -> tuple[Mentee, Mentor, dict[str, Any]]:
    """The pair of the form, of this cohort, and what else it says; 404 for any other."""
    form = PairForm(*sent(request))
    if not form.is_valid():
        raise Http404
    mentee = get_object_or_404(
        Mentee.objects.select_related("user"), cohort=cohort, pk=form.cleaned_data["mentee"]
    )
    mentor = get_object_or_404(Mentor, pk=form.cleaned_data["mentor"])
    return mentee, mentor, form.cleaned_data


def _pin(request: HttpRequest, cohort: Cohort, by: Actor) -> Done:
    mentee, mentor, said = _pair(request, cohort)
    actions.pin_pair(mentee, mentor, by=by, now=now_of(request), note=said["note"])
    return _("%(mentee)s and %(mentor)s are now fixed. Compute the plan again.") % {
        "mentee": mentee,
        "mentor": mentor,
    }, str(mentee.pk)


def _forbid(request: HttpRequest, cohort: Cohort, by: Actor) -> Done:
    mentee, mentor, said = _pair(request, cohort)
    actions.forbid_pair(
        mentee, mentor, by=by, now=now_of(request), kind=said["kind"], note=said["note"]
    )
    return _("%(mentee)s and %(mentor)s are now excluded. Compute the plan again.") % {
        "mentee": mentee,
        "mentor": mentor,
    }, str(mentee.pk)


def _lift(request: HttpRequest, cohort: Cohort, by: Actor) -> Done:
    number = request.POST.get("rule", "")
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise Http404
    rule = PairRule.objects.filter(cohort=cohort, pk=int(number)).first()
    if rule is None:  # done in another tab already
        raise RuleViolation(_("This rule has already been lifted."), code="lifted")
    actions.lift_rule(rule, by=by, now=now_of(request))
    return _("The rule has been lifted. Compute the plan again."), str(rule.mentee_id)


def _propose(request: HttpRequest, cohort: Cohort, by: Actor) -> Done:
    mentee, mentor, _said = _pair(request, cohort)
    before = gather(cohort, now_of(request))
    tandem: Tandem = actions.propose_tandem(mentee, mentor, by=by, now=now_of(request))
    told = _("%(mentee)s has received the proposal and is to answer by %(day)s.") % {
        "mentee": mentee,
        "day": until_when(tandem.answer_by),
    }
    if _followed(request, cohort, before, by):
        told += " " + _("The plan for the others will be computed again.")
    return told, ""


def _followed(request: HttpRequest, cohort: Cohort, before: Bench, by: Actor) -> bool:
    """Computes a new plan after a proposal if the old one was up to date, so that the next can be made at
    once. An outdated plan is not replaced: coordinators decide when to compute it."""
    if before.run is None or before.stale:
        return False
    try:
        actions.compute_plan(cohort, before.run.objective, by=by, now=now_of(request))
    except RuleViolation:  # contradicting fixed pairs: the page says that the plan is outdated
        return False
    return True


_VERBS: dict[str, Callable[[HttpRequest, Cohort, Actor], Done]] = {
    "compute-plan": _compute,
    "pin-pair": _pin,
    "forbid-pair": _forbid,
    "lift-rule": _lift,
    "propose-tandem": _propose,
}
