"""The shape of what subscribers send and of what they are told."""

from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

Number = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
Word = Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\p{Cc}]*$")]
Called = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\p{Cc}]*$")]
Sentence = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\p{Cc}]*$")]


class Asked(Schema):
    """What every question carries in its body; who asks and for which dossier stands in the headers."""

    model_config = ConfigDict(extra="forbid")

    number: Number = Field(description="Số định danh cá nhân, 12 chữ số")
    procedure: Word = Field("", description="Mã thủ tục hành chính")
    basis: Sentence = Field("", description="Căn cứ pháp lý")
    agency_name: Called = Field("", description="Tên cơ quan, để công dân đọc")
    officer_name: Called = Field("", description="Họ tên cán bộ, để công dân đọc")
    officer_role: Called = Field("", description="Vai trò của cán bộ, để công dân đọc")


class AttributesAsked(Asked):
    """Which attributes are asked for."""

    names: list[Word] = Field(min_length=1, max_length=40)


class MatchAsked(Asked):
    """Which values are to be compared."""

    given: dict[Word, Sentence] = Field(min_length=1, max_length=20)


class StatusAsked(Asked):
    """Nothing but the number."""


class Attributes(Schema):
    """The attributes that the right covers; a value that is not known is null."""

    attributes: dict[str, Any]
    refused: list[str] = Field(description="Trường không được phép khai thác")


class Matching(Schema):
    """Whether everything given agrees, and what does not; the values held are never told."""

    match: bool
    differing: list[str]
    refused: list[str]


class Standing(Schema):
    """alive · deceased · unknown."""

    status: str


class Keys(Schema):
    """A JWK set."""

    keys: list[dict[str, Any]]


class Problem(Schema):
    """Why there is no answer."""

    code: str
    message: str
