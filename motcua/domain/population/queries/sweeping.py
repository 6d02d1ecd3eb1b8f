"""Counting what officials asked within an hour, and the alerts that came of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from motcua.base.actor import Actor, Role
from motcua.domain.population.models import Alert
from motcua.domain.population.rules import AT_DESK, SYSTEM_OFFICER
from motcua.domain.population.rules.sweeping import Tally

#: how far back each look goes
WINDOW = timedelta(hours=1)
#: programs and citizens have codes of their own and are not watched; whoever sits at an identity desk is, and
#: serves everybody of a day under one code, which is no dossier
_TALLIES = """
WITH looks AS (
    SELECT subscriber_id, agency, officer, officer_name, dossier, person_index, result
    FROM population_usage WHERE at > %(since)s AND at <= %(until)s AND officer <> %(program)s
        AND (officer NOT LIKE 'person:%%' OR starts_with(dossier, %(desk)s))
), people AS (
    SELECT DISTINCT l.subscriber_id, l.officer, l.person_index, p.surname,
           l.officer_name <> ''
               AND l.officer_name IN (p.name, p.father_name, p.mother_name, p.spouse_name) AS kin
    FROM looks l LEFT JOIN population_person p ON p.number_index = l.person_index
    WHERE l.result <> 'denied'
), namesakes AS (
    SELECT subscriber_id, officer, max(n) AS n FROM (
        SELECT subscriber_id, officer, count(*) AS n FROM people WHERE surname IS NOT NULL
        GROUP BY subscriber_id, officer, surname) each_name
    GROUP BY subscriber_id, officer
), dossiers AS (
    SELECT subscriber_id, officer, max(n) AS n FROM (
        SELECT subscriber_id, officer, count(DISTINCT person_index) AS n FROM looks
        WHERE result <> 'denied' AND NOT starts_with(dossier, %(desk)s)
        GROUP BY subscriber_id, officer, dossier) each_dossier
    GROUP BY subscriber_id, officer
), asked AS (
    SELECT subscriber_id, officer, max(agency) AS agency,
           count(DISTINCT person_index) FILTER (WHERE result <> 'denied') AS people,
           count(*) FILTER (WHERE result = 'denied') AS denied
    FROM looks GROUP BY subscriber_id, officer
)
SELECT a.subscriber_id, a.agency, a.officer, a.people, coalesce(s.n, 0),
       (SELECT count(DISTINCT person_index) FROM people k
        WHERE k.subscriber_id = a.subscriber_id AND k.officer = a.officer AND k.kin),
       coalesce(d.n, 0), a.denied
FROM asked a
LEFT JOIN namesakes s ON s.subscriber_id = a.subscriber_id AND s.officer = a.officer
LEFT JOIN dossiers d ON d.subscriber_id = a.subscriber_id AND d.officer = a.officer
"""
_NAMES = ("subscriber", "agency", "officer", "people", "namesakes", "kin", "for_one", "denied")


def tallies(*, at: datetime) -> list[Tally]:
    """Count, for every official who asked within the last hour, what is looked at for sweeps."""
    with connection.cursor() as cursor:
        words: dict[str, Any] = {
            "since": at - WINDOW,
            "until": at,
            "program": SYSTEM_OFFICER,
            "desk": AT_DESK,
        }
        cursor.execute(_TALLIES, words)
        return [Tally(**dict(zip(_NAMES, row, strict=True))) for row in cursor.fetchall()]


def alerts(actor: Actor) -> QuerySet[Alert]:
    """List alerts, newest first, for those who audit."""
    if not actor.has(Role.SYSTEM, Role.AUDITOR):
        return Alert.objects.none()
    return Alert.objects.select_related("subscriber").order_by("-at", "-pk")


def numbers() -> Iterable[Metric]:
    """Count alerts by kind for whoever watches the site."""
    found = GaugeMetricFamily("motcua_register_alerts", "Alerts about look-ups", labels=["sweep"])
    for sweep, count in Alert.objects.values_list("sweep").annotate(Count("pk")).order_by("sweep"):
        found.add_metric([sweep], count)
    return [found]
