"""What is kept about papers."""

from django.db import models
from django.db.models import Q

from motcua.base.models import FileState, StoredFile
from motcua.domain.papers.rules import ORIGIN_NAMES, SUBJECT, Origin


class Paper(models.Model):
    """Paper (giấy tờ): one file in its place in a dossier, brought by somebody or printed by the system."""

    #: what it belongs to, such as "dossier:1234"; no foreign key, because several products keep papers
    subject = models.CharField(max_length=60)
    #: which paper of the procedure it is, such as "marriage_certificate"; a slip's own name for slips
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    origin = models.CharField(max_length=10, choices=list(ORIGIN_NAMES.items()))
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    #: of the file, here so that the same bytes are in the same place only once
    sha256 = models.CharField(max_length=64)
    #: "15/TNHS" on a slip, "H80…-KQ(1)" on a result
    number = models.CharField(max_length=80, blank=True)
    by = models.CharField(max_length=40)
    by_name = models.CharField(max_length=200)
    attached_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(subject__regex=SUBJECT), name="paper_subject_format"),
            models.CheckConstraint(
                condition=Q(origin__in=[str(o) for o in Origin]), name="paper_origin_known"
            ),
            models.CheckConstraint(
                condition=~Q(origin__in=["slip", "result"]) | Q(removed_at__isnull=True),
                name="paper_issued_stays",
            ),
            models.UniqueConstraint(
                fields=["subject", "kind", "sha256"],
                condition=Q(removed_at__isnull=True),
                name="paper_same_bytes_once",
            ),
            models.UniqueConstraint(
                fields=["subject", "number"], condition=Q(origin="result"), name="paper_result_number_once"
            ),
        ]
        indexes = [models.Index(fields=["subject", "attached_at"], name="paper_subject")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_picture(self) -> bool:
        """Tell a picture from a document."""
        return self.file.kind.startswith("image/")

    @property
    def state_name(self) -> str:
        """Name the state of the file for people."""
        return str(FileState(self.file.state).label)
