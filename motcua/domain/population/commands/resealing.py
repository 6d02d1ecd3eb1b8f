"""The encrypted columns of the register, for `manage.py reseal`."""

from motcua.base.resealing import Column
from motcua.domain.population.commands.sealing import SEALED
from motcua.domain.population.models import NUMBER, OLD_NUMBER, LedgerKey, Person, Usage

COLUMNS = (
    Column(
        model=Person,
        name="number_sealed",
        place=lambda row: f"{NUMBER}:{row.pk}",
        index="number_index",
        index_place=NUMBER,
    ),
    Column(
        model=Person,
        name="old_number_sealed",
        place=lambda row: f"{OLD_NUMBER}:{row.pk}",
        index="old_number_index",
        index_place=OLD_NUMBER,
    ),
    Column(model=LedgerKey, name="sealed", place=lambda row: f"{SEALED}:{row.kid}"),
    Column(model=Usage, name="person_index", stays="sổ chỉ ghi thêm, đã ký / append-only and signed"),
)
