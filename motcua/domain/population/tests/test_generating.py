import re
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motcua.base.text import nfc
from motcua.domain.population import rules
from motcua.domain.population.generating import names, places, population
from motcua.domain.population.generating.drafts import relation
from motcua.domain.population.generating.numbers import SHARDS, Numbers
from motcua.domain.population.rules import Gender, Marital, Relation, age

ON = population.AS_OF


@pytest.fixture(scope="module")
def clans():
    return list(population.clans(people=12_000, seed=6, on=ON))


@pytest.fixture(scope="module")
def people(clans):
    return [person for clan in clans for person in clan.people]


@pytest.fixture(scope="module")
def homes(clans):
    return [home for clan in clans for home in clan.homes]


def facts(person):
    return person.key, person.number, person.name.whole, person.born_on, person.phone, person.deceased_on


def test_there_are_exactly_as_many_as_wanted(people):
    assert len(people) == 12_000
    for wanted in (0, 1, 15, 16, 17, 333):
        made = population.clans(people=wanted, seed=1, on=ON)
        assert sum(len(clan.people) for clan in made) == wanted


def test_the_same_seed_makes_the_same_people(people):
    again = [p for clan in population.clans(people=12_000, seed=6, on=ON) for p in clan.people]
    assert [facts(p) for p in again] == [facts(p) for p in people]


def test_another_seed_makes_others(people):
    others = [p for clan in population.clans(people=300, seed=7, on=ON) for p in clan.people]
    assert not {p.number for p in others} & {p.number for p in people}


def test_a_shard_is_the_same_made_alone(people):
    alone = population.clans(people=12_000, seed=6, on=ON, shards=[3])
    assert [facts(p) for clan in alone for p in clan.people] == [
        facts(p) for p in people if (p.key - 1) % SHARDS == 3
    ]


def test_nobody_shares_a_key_or_a_number(people, homes):
    for values in (
        [p.key for p in people],
        [p.number for p in people],
        [p.old_number for p in people if p.old_number],
        [h.key for h in homes],
    ):
        assert len(values) == len(set(values))


def test_numbers_agree_with_birth_and_sex_and_begin_with_a_province(people):
    known = {row["number_prefix"] for row in places._PROVINCES.values()}
    for person in people:
        assert not rules.number_contradicts(person.number, gender=person.gender, born_on=person.born_on)
        assert person.number[:3] in known
        assert re.fullmatch(r"(29|30)\d{7}|", person.old_number)


def test_people_of_both_former_provinces_and_of_others_live_here(people):
    prefixes = Counter(p.number[:3] for p in people)
    assert prefixes["080"] > 4000 and prefixes["072"] > 2000 and len(prefixes) > 40
    assert all(p.number[:3] != "072" for p in people if p.born_on >= places.MERGED_ON)


def test_people_of_long_an_keep_their_old_address_on_papers(people):
    born = {p.key: places.birth_place(p.prefix, p.native, p.year) for p in people}
    old = [p for p in people if p.prefix == p.native.former == "080" and p.year <= 2025]
    assert len(old) > 3000
    for person in old:
        _, registered = born[person.key]
        assert re.fullmatch(
            r"UBND (xã|phường|thị trấn) .+, (huyện|thị xã|thành phố) .+, tỉnh Long An", registered
        )
    young = [p for p in people if p.prefix == p.native.former and p.year == 2026]
    assert young and all(born[p.key][1].endswith("tỉnh Tây Ninh") for p in young)
    assert sum(p.home_town.endswith("tỉnh Long An") for p in people) > 3000
    districts = {one.old_place.partition(", ")[2] for one in places.COMMUNES if one.former == "080"}
    assert len(districts) == 15


@settings(max_examples=12)
@given(st.integers(0, 10**9), st.integers(0, 400), st.integers(2, SHARDS))
def test_whatever_the_seed_shards_side_by_side_share_no_number(seed, wanted, parts):
    found = [
        person
        for part in range(parts)
        for clan in population.clans(people=wanted, seed=seed, on=ON, shards=range(part, SHARDS, parts))
        for person in clan.people
    ]
    assert len(found) == wanted
    assert len({p.number for p in found}) == len({p.key for p in found}) == wanted
    old = [p.old_number for p in found if p.old_number]
    assert len(old) == len(set(old))
    for person in found:
        assert not rules.number_contradicts(person.number, gender=person.gender, born_on=person.born_on)
        parents = [parent for parent in (person.father, person.mother) if parent]
        assert all(parent.year + 15 <= person.year for parent in parents)
        assert person.home is None or person.home.head in person.home.members


def test_more_boys_than_girls_are_born(people):
    born = Counter(p.gender for p in people if p.mother and p.year > 2000)
    assert 1.02 < born[Gender.MALE] / born[Gender.FEMALE] < 1.22


def test_number_spaces_do_not_repeat_until_they_are_full():
    numbers = Numbers(seed=1, shard=0)
    given = {numbers.old("2912345") for _ in range(7)}
    assert len(given) == 7
    with pytest.raises(OverflowError):
        numbers.old("2912345")


def test_ages_are_vietnamese(people):
    ages = [ON.year - p.year for p in people if p.alive]
    children, old = (sum(test(a) for a in ages) / len(ages) for test in (lambda a: a < 15, lambda a: a >= 60))
    assert 0.19 < children < 0.27 and 0.08 < old < 0.16
    assert 31 <= sorted(ages)[len(ages) // 2] <= 38


def test_surnames_are_skewed_as_in_life(people):
    surnames = Counter(p.name.surname for p in people if p.ethnicity == "Kinh")
    total = surnames.total()
    assert [name for name, _ in surnames.most_common(3)] == ["Nguyễn", "Trần", "Lê"]
    assert 0.26 < surnames["Nguyễn"] / total < 0.38 and len(surnames) > 60


def test_men_and_women_are_named_as_such(people):
    women = Counter(p.name.given for p in people if p.gender == Gender.FEMALE)
    men = Counter(p.name.given for p in people if p.gender == Gender.MALE)
    assert women["Thảo"] > 5 * men["Thảo"] and men["Tuấn"] > 5 * women["Tuấn"]
    assert max(women.values()) / women.total() < 0.08
    elders = [p for p in people if p.gender == Gender.FEMALE and p.year < 1960 and p.ethnicity == "Kinh"]
    girls = [p for p in people if p.gender == Gender.FEMALE and p.year > 2012 and p.ethnicity == "Kinh"]
    thi = [sum(p.name.middle.startswith("Thị") for p in some) / len(some) for some in (elders, girls)]
    assert thi[0] > 0.6 and thi[1] < 0.3


def test_every_name_is_proper_vietnamese(people):
    for person in people:
        whole = person.name.whole
        assert whole == nfc(whole) and "  " not in whole and whole
        assert person.name.given in whole and person.name.surname in whole
    counted = [*names._COUNTS["surnames"], *names._COUNTS["given_names"], *names._COUNTS["middle_names"]]
    assert not [w for w in counted if re.search(r"[ØøÑñÖöÄäŠšÐð]", w) or w != nfc(w) or not w[0].isupper()]


def test_smaller_peoples_are_there_under_their_own_names(people):
    peoples = Counter(p.ethnicity for p in people)
    assert {"Khmer", "Chăm", "Hoa", "Xtiêng", "Ê Đê"} <= set(peoples) and peoples["Kinh"] > 11_000
    assert any(p.name.whole.endswith(p.name.surname) for p in people if p.ethnicity == "Ê Đê")
    assert any(p.religion == "Cao Đài" for p in people)


def test_some_of_the_old_know_only_the_year_of_birth(people):
    vague = [p for p in people if len(p.born_on) == 4]
    assert 30 < len(vague) < 400 and sum(p.year < 1980 for p in vague) > 0.9 * len(vague)
    assert any(len(p.born_on) == 7 for p in people)
    assert all(re.match(rules.PARTIAL_DATE, p.born_on) and p.born_on <= ON.isoformat() for p in people)


def test_twins_share_parents_and_birthday_but_no_name(people):
    births = Counter((p.mother.key, p.born_on) for p in people if p.mother and len(p.born_on) == 10)
    twins = [key for key, count in births.items() if count == 2]
    assert len(twins) >= 5
    for mother, day in twins:
        one, two = [p for p in people if p.mother and (p.mother.key, p.born_on) == (mother, day)]
        assert one.father is two.father and one.name.given != two.name.given


def test_parents_are_grown_up_and_named(people):
    assert sum(p.mother is not None for p in people) > 5000
    for child in people:
        for parent, name in ((child.father, child.father_name), (child.mother, child.mother_name)):
            if parent:
                assert 15 <= child.year - parent.year <= 62 and parent.name.whole == name
        if child.father:
            assert child.name.surname == child.father.name.surname


def test_spouses_have_each_other_and_are_of_age(people):
    married = [p for p in people if p.spouse]
    assert len(married) > 4000
    for person in married:
        assert person.spouse.spouse is person and person.gender != person.spouse.gender
        last = min(one.deceased_on or ON for one in (person, person.spouse))
        assert age(person.born_on, last) >= (20 if person.gender == Gender.MALE else 18)
        if person.alive:
            assert person.marital == (Marital.MARRIED if person.spouse.alive else Marital.WIDOWED)


def test_parents_live_when_their_children_are_born(people):
    for person in people:
        for parent in (person.father, person.mother):
            if parent and parent.deceased_on:
                assert person.born_on <= parent.deceased_on.isoformat()


def test_the_dead_have_no_telephone_and_children_had_no_identity_card(people):
    dead = [person for person in people if not person.alive]
    assert any(person.deceased_on.year - person.year < 14 for person in dead)
    for person in dead:
        assert not person.phone and not person.card_issued_on
        assert not person.old_number or person.deceased_on.year - person.year >= 14


def test_every_relative_is_in_the_same_clan(clans):
    for clan in clans:
        inside = {id(person) for person in clan.people}
        for person in clan.people:
            kin = (person.father, person.mother, person.spouse)
            assert all(id(other) in inside for other in kin if other)


def test_every_home_has_one_head_and_the_living_live_in_one_home(people, homes):
    living = Counter(id(member) for home in homes for member in home.members)
    assert all(count == 1 for count in living.values())
    assert {id(p) for p in people if p.alive} == set(living)
    for home in homes:
        assert home.head in home.members
        assert [relation(member, home.head) for member in home.members].count(Relation.HEAD) == 1


def test_homes_hold_several_generations(homes):
    kinds = Counter(relation(member, home.head) for home in homes for member in home.members)
    assert kinds[Relation.GRANDCHILD] > 200 and kinds[Relation.CHILD_IN_LAW] > 150
    assert kinds[Relation.PARENT] > 30 and kinds[Relation.OTHER] < 0.01 * kinds.total()
    assert 2.7 < sum(len(h.members) for h in homes) / len(homes) < 4.2


def test_some_have_moved_in_without_registering(people):
    assert sum(p.elsewhere is not None for p in people) > 20


def test_cards_are_of_the_chip_and_of_the_living(people):
    cards = [p for p in people if p.card_issued_on]
    assert len(cards) > 8000 and all(p.alive for p in cards)
    for person in cards:
        assert date(2021, 1, 1) <= person.card_issued_on <= ON
        if person.card_expires_on:
            assert person.card_expires_on.year - person.year in (14, 25, 40, 60)


def test_telephones_ring_nowhere(people):
    assert all(re.fullmatch(r"054\d{7}", p.phone) for p in people if p.phone)
