"""Which attributes change in a life, and the columns each of them is kept in."""

from collections.abc import Mapping

#: the column that says to which household somebody belongs
HOME = "household_id"
#: what may be asked as of a day in the past
HISTORIC: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "surname", "middle_name", "given_name"),
    "other_name": ("other_name",),
    "ethnicity": ("ethnicity",),
    "religion": ("religion",),
    "nationality": ("nationality",),
    "permanent_address": ("permanent_province", "permanent_commune", "permanent_detail"),
    "temporary_address": ("temporary_province", "temporary_commune", "temporary_detail"),
    "current_address": ("current_province", "current_commune", "current_detail"),
    "absence": ("absent_from", "absent_to", "absent_at"),
    "marital_status": ("marital_status",),
    "deceased_on": ("deceased_on",),
    "missing_on": ("missing_on",),
    "phone": ("phone",),
    "email": ("email",),
    "household": (HOME, "household_relation"),
}
#: what changes in the life of a household itself
HOUSEHOLD: Mapping[str, tuple[str, ...]] = {
    "address": ("province", "commune", "detail"),
    "head": ("head_id",),
}
#: what a right must name before anything is told as of a day in the past
HISTORY = "history"
