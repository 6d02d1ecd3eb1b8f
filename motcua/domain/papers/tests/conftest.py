import pytest

from motcua.base.actor import Actor, Role
from motcua.base.tests.samples import picture, sent
from motcua.domain.papers import commands
from motcua.domain.papers.models import Paper
from motcua.domain.papers.rules import Origin
from motcua.domain.papers.tests.samples import AT

LAN = Actor(name="Nguyễn Thị Lan", roles=frozenset({Role.CITIZEN}), person=1)
MINH = Actor(name="Trần Minh", roles=frozenset({Role.CITIZEN}), person=2)
HOA = Actor(name="Trần Văn Hoà", roles=frozenset({Role.CLERK}), officer=1, agency=12)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def attach(db):
    """Attach a paper the way a portal does; whatever is not said is ordinary."""

    def attach(content: bytes | None = None, **said) -> Paper:
        said.setdefault("subject", "dossier:1")
        said.setdefault("kind", "residence_proof")
        said.setdefault("origin", Origin.UPLOAD)
        said.setdefault("by", LAN)
        upload = sent(picture() if content is None else content, said.pop("name", "nhà.jpg"))
        return commands.attach(title="Giấy tờ nhà ở", upload=upload, at=AT, **said)

    return attach
