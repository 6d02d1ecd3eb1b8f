"""The route inside "being processed": which step comes after which."""

from motcua.domain.procedures.rules.conditions import Answers, asked, holds
from motcua.domain.procedures.rules.definition import Definition, Step

#: what the last step leads to: the leader's decision
SETTLE = "settle"


def step(spec: Definition, key: str) -> Step:
    """Give one step by its key."""
    return next(each for each in spec.steps if each.key == key)


def first_step(spec: Definition) -> Step:
    """Give the step at which processing begins; it never has a condition."""
    return spec.steps[0]


def next_step(spec: Definition, key: str, answers: Answers) -> Step | None:
    """Give the step that follows, passing over those whose condition fails; None leads to the decision."""
    values = asked(spec, answers)
    following = step(spec, key).next
    while following != SETTLE:
        found = step(spec, following)
        if holds(found.when, values):
            return found
        following = found.next
    return None


def route(spec: Definition, answers: Answers) -> list[Step]:
    """List the steps that a dossier with these answers will go through."""
    steps = [first_step(spec)]
    while following := next_step(spec, steps[-1].key, answers):
        steps.append(following)
    return steps
