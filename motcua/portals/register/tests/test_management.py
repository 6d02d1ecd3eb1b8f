import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from motcua.base import events, jose
from motcua.domain.population import gate
from motcua.domain.population.models import Person, Right, Subscriber
from motcua.domain.population.rules import Verb
from motcua.domain.procedures import package
from motcua.domain.procedures import rules as procedures

pytestmark = pytest.mark.django_db


def run(*words, **options):
    said = StringIO()
    call_command(*words, stdout=said, **options)
    return said.getvalue()


def test_loading_again_changes_nothing():
    assert "64" in run("load_population", people=64)
    before = [person.number for person in Person.objects.order_by("pk")]
    assert "đã có dữ liệu" in run("load_population", people=128)
    assert [person.number for person in Person.objects.order_by("pk")] == before


def test_the_province_next_door_is_subscribed_by_the_shared_secret(settings):
    run("subscribe")
    subscriber = gate.subscriber("VN/GOV/80/motcua")
    assert subscriber.keys == [jose.public(jose.derived_key(settings.POPULATION_KEY))]
    run("subscribe")
    assert len(events.history(f"subscriber:{subscriber.pk}")) == 1


def test_people_are_led_to_their_dossiers_of_the_province_next_door_only(settings, tmp_path):
    run("subscribe")
    assert Subscriber.objects.get().dossier_page == f"{settings.PROVINCE_URL}/ho-so/{{code}}/"
    run("subscribe", code="VN/GOV/79/motcua")
    assert Subscriber.objects.get(code="VN/GOV/79/motcua").dossier_page == ""
    for page in ("javascript:{code}", "https://cong.example/", "https://{code}.example/{code}", "/{code}"):
        with pytest.raises(CommandError, match="Trang hồ sơ"):
            run("subscribe", dossier_page=page)


def test_another_system_is_subscribed_by_its_public_key(tmp_path):
    key = jose.public(jose.new_key())
    file = tmp_path / "key.json"
    file.write_text(json.dumps(key))
    run("subscribe", code="VN/GOV/79/motcua", key=[file])
    assert gate.subscriber("VN/GOV/79/motcua").keys == [key]


def test_without_a_key_nobody_is_subscribed(settings):
    settings.POPULATION_KEY = ""
    assert "--key" in run("subscribe")
    assert not Subscriber.objects.exists()


def test_a_right_to_an_attribute_that_does_not_exist_is_one_sentence(tmp_path):
    file = tmp_path / "rights.toml"
    file.write_text(
        'name = "Tỉnh"\nofficer_budget = 1\nsystem_budget = 1\n'
        '[[right]]\nprocedure = "9.000001"\nlaw = "Luật"\nattributes = ["shoe_size"]\n'
    )
    with pytest.raises(CommandError, match="shoe_size"):
        run("subscribe", rights=file)


@pytest.mark.parametrize("folder", package.folders(), ids=lambda folder: folder.name)
def test_every_procedure_may_ask_for_what_its_form_is_filled_from(folder):
    spec = package.definition(package.read(folder))
    run("subscribe")
    code = folder.name.split("-")[0]
    right = Right.objects.exclude(fields__contains=["history"]).get(procedure=code, verb=Verb.ATTRIBUTES)
    asked = {*procedures.attributes(spec), "phone", "permanent_address", "deceased_on"} - {"number"}
    assert asked <= set(right.fields)


def test_the_people_of_the_demonstration_are_named(settings):
    settings.DEMO = True
    run("load_population", people=2000)
    parts = json.loads(run("demo_people", officers=3))
    assert set(parts) >= {"parents", "driver", "mover", "host", "elder", "officers"}
    assert len(parts["officers"]) == 3
    assert set(parts["driver"][0]) == {"number", "name", "born_on", "gender", "phone", "commune", "family"}


def test_outside_a_demonstration_no_number_is_printed(settings):
    settings.DEMO = False
    run("load_population", people=64)
    with pytest.raises(CommandError):
        run("demo_people")
