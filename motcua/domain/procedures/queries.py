"""Finding procedures: what is in force on a day, by code or by the words that people use."""

import re
from datetime import date

from django.db import connection, transaction
from django.db.models import (
    Case,
    Exists,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.lookups import PostgresOperatorLookup

from motcua.base.text import fold, nfc
from motcua.domain.procedures.models import ProcedureVersion

#: as alike as this, of 1, and a misspelt word is still found: "giay khai snh", "thuong chu"
LIKENESS = 0.45
MOST_FOUND = 50
#: with so many that have the words, nothing that is only alike is looked for
ENOUGH = 3


class _Likeness(Func):
    """How much a text, or its best stretch, is like the words: from 0 to 1 (pg_trgm)."""

    output_field = FloatField()


class _HasWordsLike(PostgresOperatorLookup):
    """Texts with a stretch like the words; the trigram index answers it."""

    lookup_name = "has_words_like"
    postgres_operator = "%%>"


def in_force(*, on: date) -> QuerySet[ProcedureVersion]:
    """Select the version of each procedure in force on a day, the newest that covers it, in one order."""
    covering = ProcedureVersion.objects.filter(
        Q(in_force_to__isnull=True) | Q(in_force_to__gte=on), in_force_from__lte=on
    )
    newer = covering.filter(procedure=OuterRef("procedure"), number__gt=OuterRef("number"))
    return covering.exclude(Exists(newer)).defer("definition").order_by("pk")


def current(code: str, *, on: date) -> ProcedureVersion:
    """Give the version of a procedure that is in force on a day."""
    return in_force(on=on).get(code=code)


def versions(code: str) -> list[ProcedureVersion]:
    """List every version of a procedure, newest first."""
    return list(ProcedureVersion.objects.filter(code=code).defer("definition").order_by("-number"))


def published() -> list[ProcedureVersion]:
    """List every version of every procedure, by title, newest first."""
    found = ProcedureVersion.objects.select_related("procedure").defer("definition")
    return list(found.order_by("sort_key", "code", "-number"))


def search(words: str, *, on: date) -> list[ProcedureVersion]:
    """Find procedures in force by words, with or without marks, misspelt a little; all of them for no words.

    As written comes first, then what begins with the words, then all the words anywhere, then what is alike.
    """
    typed, folded = nfc(words).lower(), fold(words)
    candidates = in_force(on=on)
    if not folded:
        return list(candidates.order_by("sort_key")[:MOST_FOUND])
    found = _with_words(candidates, typed, folded)
    if len(found) < ENOUGH:
        known = [version.pk for version in found]
        found += _alike(candidates.exclude(pk__in=known), folded)
    return found


def _with_words(candidates: QuerySet[ProcedureVersion], typed: str, folded: str) -> list[ProcedureVersion]:
    """Find what has all the words; the marks that were typed count in the order."""
    for word in folded.split():
        candidates = candidates.filter(folded__contains=word)
    rank = Case(
        When(code__startswith=folded, then=Value(0)),
        When(spoken__regex=rf"(^|\n){re.escape(typed)}($|\n)", then=Value(1)),
        When(spoken__contains=typed, then=Value(2)),
        When(folded__regex=rf"(^|\n){re.escape(folded)}", then=Value(3)),
        default=Value(4),
        output_field=IntegerField(),
    )
    title = Func(F("folded"), Value("\n"), Value(1), function="split_part", output_field=TextField())
    nearness = _Likeness(Value(folded), title, function="similarity")
    return list(candidates.order_by(rank, nearness.desc(), "sort_key")[:MOST_FOUND])


def _alike(candidates: QuerySet[ProcedureVersion], folded: str) -> list[ProcedureVersion]:
    """Find what has a stretch like the words; this looks at every letter, so it comes last."""
    like = candidates.filter(_HasWordsLike(F("folded"), Value(folded)))
    likeness = _Likeness(Value(folded), F("folded"), function="word_similarity")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL pg_trgm.word_similarity_threshold = {LIKENESS}")
        return list(like.order_by(likeness.desc(), "sort_key")[:MOST_FOUND])
