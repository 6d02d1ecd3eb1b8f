"""A table of repeated rows: rows come and go by submit buttons, so that no JavaScript is needed."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from motcua.domain.procedures.forms.fields import FIELDS, dress
from motcua.domain.procedures.rules.definition import Field
from motcua.domain.procedures.rules.kinds import ROWS_MOST


class Row(forms.Form):
    """One row; its fields are the columns."""

    number = ""

    @property
    def blank(self) -> bool:
        """Tell whether nobody wrote anything into the row."""
        return not any(_written(self[name].data, self.fields[name].initial) for name in self.fields)


def _written(data: Any, offered: Any) -> bool:
    """Tell whether something stands in a box, or in one of several, that the form did not offer itself."""
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else [data]
    return any(parts) and data != offered


class RowsWidget(forms.Widget):
    """Shows the rows that the form has made ready."""

    template_name = "django/forms/widgets/rows.html"
    use_fieldset = True

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.most = ROWS_MOST

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Row]:
        """Give the rows themselves; they read their own boxes."""
        return self.rows

    def id_for_label(self, id_: str) -> str:
        """Let the legend stand alone."""
        return ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Give the template the rows and the names of the buttons."""
        context = super().get_context(name, None, attrs)
        context["widget"] |= {
            # A row may have a column of any name, so nothing but its fields is asked of it there.
            "rows": [(row.number, row) for row in self.rows],
            "numbers": ",".join(row.number for row in self.rows),
            "may_add": len(self.rows) < self.most,
        }
        return context


class Rows(forms.Field):
    """A table; its value is a list of plain rows."""

    widget: RowsWidget

    def __init__(self, spec: Field, row: type[Row]) -> None:
        super().__init__(widget=RowsWidget())
        self.row = row
        self.least = spec.least or 0
        self.widget.most = spec.most or ROWS_MOST
        self.written: list[Row] = []

    def prepare(self, name: str, data: Mapping[str, Any] | None, saved: list[dict[str, Any]]) -> bool:
        """Make the rows ready; tell whether a button asked for a row more or less."""
        if data is None:
            count = max(len(saved), self.least, int(self.required))
            filled = [*saved, *({} for _empty in range(count - len(saved)))]
            self.widget.rows = [self._row(name, str(n), None, values) for n, values in enumerate(filled)]
            return False
        sent = str(data.get(f"{name}-rows", "")).split(",")
        numbers = [number for number in sent if number.isdecimal()][: self.widget.most]
        added, removed = f"{name}-add" in data, str(data.get(f"{name}-remove", ""))
        if removed in numbers:
            numbers.remove(removed)
        if added and len(numbers) < self.widget.most:
            numbers.append(str(max(map(int, numbers), default=-1) + 1))
        self.widget.rows = [self._row(name, number, data, {}) for number in numbers]
        return added or bool(removed)

    def _row(self, name: str, number: str, data: Mapping[str, Any] | None, values: dict[str, Any]) -> Row:
        row = self.row(data, prefix=f"{name}-{number}", initial=values)
        row.number = number
        row.empty_permitted = False
        return row

    def clean(self, value: list[Row]) -> list[dict[str, Any]]:
        """Read every row that somebody wrote into, as far as it can be read; `faults` has the rest."""
        self.written = [row for row in value if not row.blank]
        if not self.written and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        for row in self.written:
            row.full_clean()
        return [_plain(row.cleaned_data) for row in self.written]

    def faults(self) -> Iterator[ValidationError]:
        """Name each mistake by its row and column."""
        for number, row in enumerate(self.written):
            for column, errors in row.errors.as_data().items():
                for error in errors:
                    says = " ".join(str(message) for message in error.messages)
                    facts = {"row": number + 1, "column": row.fields[column].label, "message": says}
                    text = _("Dòng %(row)d, %(column)s: %(message)s") % facts
                    yield ValidationError(text, code=error.code)

    def blame(self, number: int, column: str, error: ValidationError) -> None:
        """Put a mistake beside its box, unless another one is there."""
        if column not in self.written[number].errors:
            self.written[number].add_error(column, error)


def _plain(cleaned: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in cleaned.items() if value not in (None, "", [])}


def row_class(spec: Field) -> type[Row]:
    """Make the form of one row of a table."""
    columns = {column.name: dress(FIELDS[column.kind](column), column) for column in spec.columns}
    return type("Row", (Row,), columns)
