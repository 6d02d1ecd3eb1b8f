"""The shape of what subscribers send and of what they are told."""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from motcua.domain.population.rules.verifying import Operator

Number = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
OldNumber = Annotated[str, StringConstraints(pattern=r"^([0-9]{9})?$")]
Commune = Annotated[str, StringConstraints(pattern=r"^([0-9]{5})?$")]
PartialDate = Annotated[str, StringConstraints(pattern=r"^([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?$")]
Name = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\p{Cc}]*$")]
Word = Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\p{Cc}]*$")]
Called = Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\p{Cc}]*$")]
Sentence = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\p{Cc}]*$")]


class Meant(BaseModel):
    """What every question carries in its body; who asks and for which dossier stands in the headers."""

    model_config = ConfigDict(extra="forbid")

    procedure: Word = Field("", description="Mã thủ tục hành chính")
    basis: Sentence = Field("", description="Căn cứ pháp lý")
    agency_name: Called = Field("", description="Tên cơ quan, để công dân đọc")
    officer_name: Called = Field("", description="Họ tên cán bộ, để công dân đọc")
    officer_role: Called = Field("", description="Vai trò của cán bộ, để công dân đọc")


class Asked(Meant):
    """A question about one number."""

    number: Number = Field(description="Số định danh cá nhân, 12 chữ số")


class FindAsked(Meant):
    """What is known of somebody whose number nobody has at hand."""

    name: Name = Field("", description="Họ, chữ đệm và tên, gõ thế nào cũng được")
    born_on: PartialDate = Field("", description="Ngày sinh: 1950, 1950-03 hoặc 1950-03-12")
    commune: Commune = Field("", description="Mã xã thường trú hoặc nơi ở hiện tại")
    old_number: OldNumber = Field("", description="Số chứng minh nhân dân 9 số")


class ChooseAsked(Meant):
    """Which of those who were shown it is."""

    handle: Called


class Candidate(BaseModel):
    """Somebody who may be meant."""

    handle: str = Field(description="Dùng một lần, trong 10 phút, cho cùng cán bộ và hồ sơ")
    score: int = Field(description="Mức khớp, 0–100")
    name: str
    born_year: str
    commune: str
    number: str = Field(description="Số định danh đã che 6 số cuối")


class Found(BaseModel):
    """At most five people, the likeliest first."""

    candidates: list[Candidate]


class Chosen(BaseModel):
    """The number of the person chosen."""

    number: str


class AttributesAsked(Asked):
    """Which attributes are asked for."""

    names: list[Word] = Field(min_length=1, max_length=40)
    on: date | None = Field(None, description="Như ở ngày này; chỉ khi quyền khai thác có history")


class MatchAsked(Asked):
    """Which values are to be compared."""

    given: dict[Word, Sentence] = Field(min_length=1, max_length=20)


class Said(BaseModel):
    """One thing said of the person."""

    model_config = ConfigDict(extra="forbid")

    attribute: Word
    operator: Operator
    value: Sentence


class VerifyAsked(Asked):
    """What is to be true."""

    expressions: list[Said] = Field(min_length=1, max_length=5)


class NumbersAsked(Asked):
    """Whose other number is asked for: of twelve or of nine digits."""

    number: Annotated[str, StringConstraints(pattern=r"^([0-9]{9}|[0-9]{12})$")]


class StatusAsked(Asked):
    """Nothing but the number; `account` when the electronic identity is asked about, too."""

    account: bool = Field(
        False, strict=True, description="Hỏi cả tài khoản định danh; chỉ khi quyền khai thác có account"
    )


class Attributes(BaseModel):
    """The attributes that the right covers; a value that is not known is null."""

    attributes: dict[str, Any]
    refused: list[str] = Field(description="Trường không được phép khai thác")


class Matching(BaseModel):
    """Whether everything given agrees, and what does not; the values held are never told."""

    match: bool
    differing: list[str]
    refused: list[str]


class Verified(BaseModel):
    """True or false for each expression, in their order; null for what the right does not cover."""

    results: list[bool | None]
    refused: list[str]


class Numbers(BaseModel):
    """Both numbers of one person."""

    number: str
    old_number: str | None


class Standing(BaseModel):
    """How it stands with a number, and with the electronic identity of its holder when that was asked."""

    status: str = Field(description="alive · missing · deceased · cancelled · unknown")
    account: str | None = Field(
        None, description="active · locked · none; không nêu lý do khóa; null: không hỏi"
    )


class Keys(BaseModel):
    """A JWK set."""

    keys: list[dict[str, Any]]


class Problem(BaseModel):
    """Why there is no answer."""

    code: str
    message: str
