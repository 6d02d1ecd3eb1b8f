"""What a definition and a set of answers mean, worked out without a database or a clock."""

from motcua.domain.procedures.rules.building import definition, fingerprint
from motcua.domain.procedures.rules.conditions import Answers, asked, filled, holds, pages, shown, values_of
from motcua.domain.procedures.rules.definition import (
    Channel,
    Choice,
    Copy,
    Definition,
    Field,
    Online,
    Page,
    PaperRule,
    Question,
    Source,
    Step,
    Text,
)
from motcua.domain.procedures.rules.dues import (
    FeeLine,
    Waiver,
    fees,
    in_force,
    limit,
    papers_needed,
    pausing,
    term,
    waivers,
)
from motcua.domain.procedures.rules.kinds import say, say_in
from motcua.domain.procedures.rules.people import applicant, attributes, place, prefill, relatives
from motcua.domain.procedures.rules.problems import Problem, problems, shape_problems, warnings
from motcua.domain.procedures.rules.route import SETTLE, first_step, next_step, route, step
from motcua.domain.procedures.rules.schema import answers_schema
from motcua.domain.procedures.rules.words import Said, printed, summary

__all__ = [
    "SETTLE",
    "Answers",
    "Channel",
    "Choice",
    "Copy",
    "Definition",
    "FeeLine",
    "Field",
    "Online",
    "Page",
    "PaperRule",
    "Problem",
    "Question",
    "Said",
    "Source",
    "Step",
    "Text",
    "Waiver",
    "answers_schema",
    "applicant",
    "asked",
    "attributes",
    "definition",
    "fees",
    "filled",
    "fingerprint",
    "first_step",
    "holds",
    "in_force",
    "limit",
    "next_step",
    "pages",
    "papers_needed",
    "pausing",
    "place",
    "prefill",
    "printed",
    "problems",
    "relatives",
    "route",
    "say",
    "say_in",
    "shape_problems",
    "shown",
    "step",
    "summary",
    "term",
    "values_of",
    "waivers",
    "warnings",
]
