"""Every package's example comes true: what is refused, what is promised, what it costs, what is issued."""

from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO

import jsonschema_rs
import pypdfium2
import pytest
from django.utils.translation import override

from motcua.base.deadline import deadline
from motcua.domain.agencies.rules import standard_calendar
from motcua.domain.papers import printing
from motcua.domain.procedures import forms, package, rules

FOLDERS = package.folders()
SPECS = {folder.name: rules.definition(package.read(folder)) for folder in FOLDERS}
EXAMPLES = {folder.name: package.example(folder) for folder in FOLDERS}
CALENDAR = standard_calendar()

each_package = pytest.mark.parametrize("name", sorted(SPECS))


def each(part: str) -> pytest.MarkDecorator:
    rows = [
        pytest.param(name, row, id=f"{name}-{number}")
        for name, example in EXAMPLES.items()
        for number, row in enumerate(example.get(part, ()), 1)
    ]
    return pytest.mark.parametrize(("name", "row"), rows)


def answers(name: str, row: dict | None = None) -> dict[str, dict]:
    values = {**EXAMPLES[name]["answers"], **(row or {}).get("change", {})}
    return {field: {"value": value, "source": "typed", "at": ""} for field, value in values.items()}


def on(name: str, row: dict | None = None) -> date:
    return date.fromisoformat((row or {}).get("on", EXAMPLES[name]["on"]))


def test_there_are_procedures():
    assert len(SPECS) >= 3


@each_package
def test_a_good_example_is_accepted(name):
    assert rules.problems(SPECS[name], answers(name), on=on(name)) == []


@each_package
def test_a_good_example_fits_the_published_json_schema(name):
    schema = rules.answers_schema(SPECS[name])
    jsonschema_rs.meta.validate(schema)
    values = rules.asked(SPECS[name], answers(name))
    assert jsonschema_rs.validator_for(schema, validate_formats=True).is_valid(values)


@each("refused")
def test_a_mistake_is_refused_in_the_words_of_the_package(name, row):
    found = rules.problems(SPECS[name], answers(name, row), on=on(name, row))
    assert {problem.field: problem.message for problem in found}.get(row["field"]) == row["says"]


@each("accepted")
def test_another_good_case_is_accepted(name, row):
    spec, case = SPECS[name], answers(name, row)
    assert rules.problems(spec, case, on=on(name, row)) == []
    if "needed" in row:
        assert [paper.key for paper in rules.papers_needed(spec, case)] == row["needed"]
    if "route" in row:
        assert [step.key for step in rules.route(spec, case)] == row["route"]


@each_package
def test_the_papers_and_the_route_are_those_of_the_example(name):
    spec, example = SPECS[name], EXAMPLES[name]
    assert [paper.key for paper in rules.papers_needed(spec, answers(name))] == example["needed"]
    assert [step.key for step in rules.route(spec, answers(name))] == example["route"]


@each("promise")
def test_the_promised_time_is_kept(name, row):
    received_at = datetime.fromisoformat(row["received_at"])
    term = rules.term(SPECS[name], answers(name, row), on=received_at.date())
    ledger = deadline(received_at=received_at, term=term, pauses=(), calendar=CALENDAR)
    assert ledger.due_at == datetime.fromisoformat(row["due_at"])


@each("price")
def test_it_costs_what_the_example_says(name, row):
    lines = rules.fees(SPECS[name], answers(name, row), channel=row["channel"], on=on(name, row))
    assert sum(line.amount for line in lines) == row["total"]


@each_package
def test_the_register_fills_in_what_it_knows(name):
    filled = rules.prefill(SPECS[name], EXAMPLES[name]["person"])
    assert {field: filled.get(field) for field in EXAMPLES[name]["prefilled"]} == EXAMPLES[name]["prefilled"]


@each_package
def test_every_page_takes_the_example_as_it_would_be_typed(name):
    spec, case = SPECS[name], answers(name)
    for key in rules.pages(spec, case):
        data = {box: text for field in spec.by_page[key] for box, text in boxes(field, case)}
        form = forms.page_form(spec, key, answers=case, data=data, on=on(name))
        assert form.is_valid(), (key, form.errors.as_text())
        for field, value in forms.page_answers(form).items():
            kept = rules.asked(spec, case).get(field)
            if isinstance(kept, dict) and isinstance(value, dict):
                assert kept.items() <= value.items()
            else:
                assert value == kept, field


def boxes(field: rules.Field, case: dict, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Write an answer into the boxes of a page."""
    name = f"{prefix}{field.name}"
    value = case.get(field.name, {}).get("value")
    if value in (None, ""):
        return
    match field.kind:
        case "date" | "partial_date":
            yield from zip((f"{name}_year", f"{name}_month", f"{name}_day"), value.split("-"), strict=False)
        case "address" | "person":
            yield from ((f"{name}_{part}", text) for part, text in value.items())
        case "yes_no":
            yield name, "yes" if value else "no"
        case "repeat":
            yield f"{name}-rows", ",".join(str(number) for number in range(len(value)))
            for number, row in enumerate(value):
                cells = {column: {"value": cell} for column, cell in row.items()}
                for column in field.columns:
                    yield from boxes(column, cells, prefix=f"{name}-{number}-")
        case "number":
            yield name, str(value).replace(".", ",")
        case "file":
            return
        case _:
            yield name, str(value)


@each_package
def test_the_result_is_printed_with_every_letter(name):
    spec = SPECS[name]
    content = {
        "code": "H39.1-261123-0001",
        "agency": "Ủy ban nhân dân phường Long An",
        "place": "Long An",
        "decided_on": on(name),
        "signer": "Phạm Quốc Ổn",
        **rules.printed(spec, answers(name)),
    }
    sheet = pypdfium2.PdfDocument(BytesIO(printing.pdf(spec.result.template, content)))
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in sheet).split())
    person = rules.applicant(spec, answers(name))
    assert person["number"] in text
    assert person["name"].upper() in text.upper()
    assert "chưa được ký số" in text
    assert "Phạm Quốc Ổn" in text


@each_package
def test_it_reads_in_english_too(name):
    spec = SPECS[name]
    with override("en"):
        assert str(spec.title) == spec.title.en != spec.title.vi
        for page, lines in rules.summary(spec, answers(name)):
            assert str(page.title) == page.title.en
            assert all(str(line.field.label) == line.field.label.en for line in lines)
