"""Families: couples, their children, the children's couples, until the youngest are not grown up yet."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from random import Random

from motcua.domain.population.generating import names, places
from motcua.domain.population.generating.drafts import Clan, Draft, Home
from motcua.domain.population.generating.names import choice
from motcua.domain.population.generating.numbers import Numbers
from motcua.domain.population.generating.places import Commune
from motcua.domain.population.rules import Gender, Marital, age

_MALE, _FEMALE = Gender.MALE, Gender.FEMALE
#: Law on Marriage and Family 52/2014/QH13 art. 8
_MARRIAGEABLE = {_MALE: 20, _FEMALE: 18}
#: share of wives by age at the root of a clan; older roots bring their descendants along
_ROOT_AGES = choice(
    {"22": 5, "27": 9, "32": 11, "37": 13, "42": 15, "47": 17, "55": 27, "65": 27, "74": 22, "84": 16}
)
_BLOOD = choice({"": 60, "O": 17, "B": 12, "A": 9, "AB": 2})
#: the first two digits of old nine-digit numbers, by police province
_OLD_HEADS = {"072": "29", "080": "30"}
#: the card of the Law on Identification 2023 is given from this day
_NEW_CARDS = date(2024, 7, 1)


#: days are drawn from these very often, and dates are slow to make
_day = cache(date.fromordinal)


@cache
def _days(start: date, end: date) -> range:
    """Give the days from one to the other, at least one of them."""
    return range(start.toordinal(), max(start, end).toordinal() + 1)


@cache
def _year(year: int, end: date) -> list[str]:
    """Write the days of a year down, until a last one."""
    return [_day(day).isoformat() for day in _days(date(year, 1, 1), min(end, date(year, 12, 31)))]


@cache
def _renewals(on: date, age: int) -> tuple[range, int | None]:
    """Give the days on which the card of somebody of this age was given, and the age at which it ends."""
    ages = (14, 25, 40, 60)
    last = max((year for year in ages if year < age), default=13)
    start = _NEW_CARDS if age < 14 else date(max(2021, on.year - age + last), 3, 1)
    return _days(min(start, on), on), next((year for year in ages if year > age), None)


@cache
def _birthday(born_on: str, age: int) -> date:
    """Give the birthday of an age, the last likely day of a month or year that is all one knows."""
    month, day = int(born_on[5:7] or 12), int(born_on[8:] or 28)
    return date(int(born_on[:4]) + age, month, min(day, 28) if month == 2 else day)


class Town:
    """Makes up one shard of a population, clan after clan."""

    def __init__(self, *, seed: int, shard: int, on: date) -> None:
        # The generator is for repeatable made-up data, not for secrets.
        self.rng = Random(f"population {seed} {shard}")  # noqa: S311
        self.numbers = Numbers(seed, shard)
        self.on = on
        self.clan = Clan()

    def make(self, people: int) -> Iterator[Clan]:
        """Give clans of exactly so many people together."""
        left = people
        while left:
            here = places.commune(self.rng)
            self.clan = Clan()
            if self.rng.random() > 0.12:
                self._root(here)
            if not 0 < len(self.clan.people) <= left:
                self.clan = Clan()
                self._alone(here)
            left -= len(self.clan.people)
            yield self.clan

    # -- households

    def _alone(self, here: Commune) -> None:
        """One grown-up living alone."""
        gender = self.rng.choice((_MALE, _FEMALE))
        age = int(self.rng.triangular(19, 75, 24))
        person = self._outsider(gender, self.on.year - age, "Kinh", here)
        if age > 40 and self.rng.random() < 0.5:
            person.marital = Marital.DIVORCED
        self._home(here, [person])

    def _root(self, here: Commune) -> None:
        """A couple that nobody's child in the clan belongs to, and all who descend from it."""
        ethnicity = names.ETHNICITIES(self.rng)
        year = self.on.year - int(_ROOT_AGES(self.rng)) - self.rng.randint(0, 6)
        wife = self._outsider(_FEMALE, year, ethnicity, here)
        if self.rng.random() < 0.03:
            self._live(None, wife, here)
        else:
            husband = self._outsider(_MALE, year - self._older(), ethnicity, here)
            self._live(husband, wife, here)

    def _live(self, man: Draft | None, woman: Draft, here: Commune, home: Home | None = None) -> None:
        """Marry the two, let time pass, give them children, and house everybody who stays."""
        if man:
            man.spouse, woman.spouse = woman, man
            man.marital = woman.marital = Marital.MARRIED
        for person in (man, woman):
            if person:
                self._may_die(person)
        own = home or Home(next(self.numbers.households), here, places.address(self.rng, here))
        for parent in (man, woman):
            if parent and parent.home is None:
                own.take(parent)
        children = self._children(man, woman, here)
        if man and man.alive and woman.alive and self.rng.random() < 0.03:
            self._part(man, woman, here)
        self._stay_possible(man, woman, children)
        for child in children:
            self._grow(child, own, is_last=child is children[-1])
        if own.members and home is None:
            self._choose_head(own)

    def _stay_possible(self, man: Draft | None, woman: Draft, children: list[Draft]) -> None:
        """Let parents live to see their children born, and nobody be married who died or is too young."""
        couple = [person for person in (man, woman) if person]
        for person in couple:
            for child in children:
                # Of a partial date the first day.
                born_on = date.fromisoformat(f"{child.born_on}-01-01"[:10])
                if person.deceased_on and person.deceased_on < born_on:
                    person.deceased_on = born_on
        if any(age(p.born_on, p.deceased_on or self.on) < _MARRIAGEABLE[p.gender] for p in couple):
            for person in couple:
                person.spouse, person.marital = None, Marital.SINGLE

    def _grow(self, child: Draft, home: Home, *, is_last: bool) -> None:
        """Leave a child at home, or marry it off."""
        age = self.on.year - child.year
        married = age >= 20 and self.rng.random() < min(0.92, (age - 19) * 0.085)
        if not married:
            home.take(child)
            return
        mate = self._mate(child)
        man, woman = (child, mate) if child.gender == _MALE else (mate, child)
        if is_last and self.rng.random() < 0.7:
            self._live(man, woman, home.commune, home)
        else:
            here = home.commune if self.rng.random() < 0.7 else places.commune(self.rng)
            self._live(man, woman, here)
        if mate.home and mate.home.head is not mate and mate.alive and self.rng.random() < 0.08:
            other = places.commune(self.rng)
            mate.elsewhere = (other, places.address(self.rng, other))

    def _part(self, man: Draft, woman: Draft, here: Commune) -> None:
        """Divorce: the man moves out."""
        man.spouse = woman.spouse = None
        man.marital = woman.marital = Marital.DIVORCED
        if man.home:
            man.home.members.remove(man)
        self._home(here, [man])

    def _home(self, here: Commune, members: list[Draft]) -> None:
        home = Home(next(self.numbers.households), here, places.address(self.rng, here))
        home.take(*members)
        if home.members:
            self._choose_head(home)

    def _choose_head(self, home: Home) -> None:
        grown = [person for person in home.members if self.on.year - person.year >= 18]
        able = [person for person in grown if self.on.year - person.year < 72] or grown or home.members
        home.head = able[0]
        self.clan.homes.append(home)

    # -- people

    def _outsider(self, gender: Gender, year: int, ethnicity: str, here: Commune) -> Draft:
        """Somebody whose parents the register knows by name only."""
        family = names.surname(self.rng, ethnicity)
        prefix = places.origin(self.rng, here)
        person = self._person(
            gender=gender, year=year, family=family, ethnicity=ethnicity, prefix=prefix, here=here
        )
        person.religion = self._religion(ethnicity, here)
        person.home_town = self._home_town(prefix, here)
        person.father_name = names.name(self.rng, family, _MALE, year - 26, ethnicity).whole
        family = names.surname(self.rng, ethnicity)
        person.mother_name = names.name(self.rng, family, _FEMALE, year - 26, ethnicity).whole
        return person

    def _mate(self, child: Draft) -> Draft:
        older = self._older()
        year = child.year + (older if child.gender == _MALE else -older)
        ethnicity = child.ethnicity if self.rng.random() < 0.9 else "Kinh"
        gender = _FEMALE if child.gender == _MALE else _MALE
        here = child.native if self.rng.random() < 0.6 else places.commune(self.rng)
        return self._outsider(gender, min(year, self.on.year - 19), ethnicity, here)

    def _children(self, man: Draft | None, woman: Draft, here: Commune) -> list[Draft]:
        """All children of a couple, as many as women of her generation had; now and then twins."""
        mean = 1.85 if woman.year >= 1975 else 2.6 if woman.year >= 1960 else 3.9
        count = min(9, max(0, round(self.rng.gauss(mean, 0.75 + mean / 6))))
        year = woman.year + max(18, round(self.rng.gauss(25 if woman.year >= 1975 else 22.5, 3.4)))
        ends = min([self.on.year] + [p.deceased_on.year for p in (man, woman) if p and p.deceased_on])
        children: list[Draft] = []
        while len(children) < count and year <= ends and year - woman.year <= 43:
            child = self._child(man, woman, here, year, None)
            children.append(child)
            if self.rng.random() < 0.011 and len(child.born_on) == 10:
                children.append(self._child(man, woman, here, year, child))
            year += self.rng.choice((2, 2, 3, 3, 4, 5, 6))
        # Many grown children live in another province and are not residents here.
        stay = [c for c in children if self.on.year - c.year < 20 or self.rng.random() < 0.6]
        if len(stay) < len(children):
            self.clan.people[-len(children) :] = stay
        return stay

    def _child(self, man: Draft | None, woman: Draft, here: Commune, year: int, twin: Draft | None) -> Draft:
        parent = man or woman
        gender = _MALE if self.rng.random() < 0.525 else _FEMALE
        if twin and self.rng.random() < 0.4:
            gender = twin.gender
        prefix = here.former if self.rng.random() < 0.95 else parent.prefix
        child = self._person(
            gender=gender,
            year=year,
            family=parent.name.surname,
            ethnicity=parent.ethnicity,
            prefix=prefix,
            here=here,
            twin=twin,
        )
        child.father, child.mother = man, woman
        child.father_name, child.mother_name = man.name.whole if man else "", woman.name.whole
        child.religion, child.home_town = parent.religion, parent.home_town
        if self.on.year - year > 25 and self.rng.random() < 0.01:
            child.die(self._day_between(date(year + 1, 1, 1), self.on))
        return child

    def _person(
        self,
        *,
        gender: Gender,
        year: int,
        family: str,
        ethnicity: str,
        prefix: str,
        here: Commune,
        twin: Draft | None = None,
    ) -> Draft:
        made = names.name(self.rng, family, gender, year, ethnicity)
        while twin and made.given == twin.name.given:
            made = names.name(self.rng, family, gender, year, ethnicity)
        person = Draft(
            key=next(self.numbers.people),
            gender=gender,
            name=made,
            born_on=twin.born_on if twin else self._birthday(year, ethnicity),
            year=year,
            ethnicity=ethnicity,
            religion="",
            prefix=prefix,
            home_town="",
            native=here,
        )
        self._number(person)
        self.clan.people.append(person)
        return person

    def _number(self, person: Draft) -> None:
        person.number = self.numbers.personal(person.prefix, person.gender, person.born_on)
        age = self.on.year - person.year
        # Nine-digit cards were issued from 14 years of age until the province changed over in 2021.
        if person.year <= 2006 and self.rng.random() < 0.9:
            person.old_number = self.numbers.old(_OLD_HEADS[person.native.former])
        if age >= 15 and self.rng.random() < 0.93:
            person.phone = self.numbers.phone()
        person.blood_group = _BLOOD(self.rng)
        self._card(person, age)

    # -- time

    def _birthday(self, year: int, ethnicity: str) -> str:
        """A date of birth: of the old often only the year is known."""
        vague = 0.28 if year < 1945 else 0.12 if year < 1960 else 0.03 if year < 1978 else 0.001
        if self.rng.random() < vague * (1 if ethnicity == "Kinh" else 2):
            return str(year) if self.rng.random() < 0.93 else f"{year}-{self.rng.randint(1, 12):02}"
        return self.rng.choice(_year(year, self.on))

    def _card(self, person: Draft, age: int) -> None:
        """Give a chip card or the card of 2024; both are renewed at 14, 25, 40 and 60."""
        if age < 6 or (age < 14 and self.rng.random() > 0.35) or (age >= 14 and self.rng.random() < 0.015):
            return
        days, end = _renewals(self.on, age)
        person.card_issued_on = _day(self.rng.choice(days))
        if end:
            person.card_expires_on = _birthday(person.born_on, end)

    def _may_die(self, person: Draft) -> None:
        age = self.on.year - person.year
        risk = max(0.003, (age - 55) * 0.017) if age < 80 else min(0.95, 0.42 + (age - 80) * 0.05)
        if person.alive and self.rng.random() < risk * (1.25 if person.gender == _MALE else 0.75):
            start = date(person.year + round(age * 0.72) if age > 40 else self.on.year - 3, 1, 1)
            person.die(self._day_between(min(start, self.on), self.on))
        if person.deceased_on and person.spouse:
            person.spouse.marital = Marital.WIDOWED

    def _older(self) -> int:
        return max(-2, min(12, round(self.rng.gauss(2.8, 2.6))))

    def _day_between(self, start: date, end: date) -> date:
        return _day(self.rng.choice(_days(start, end)))

    def _religion(self, ethnicity: str, here: Commune) -> str:
        if ethnicity == "Kinh":
            return places.religion(self.rng, here)
        return names.religion(ethnicity)

    def _home_town(self, prefix: str, here: Commune) -> str:
        # Where a family comes from is written as its place was called when it was first written down.
        old = here.old_address
        return old[0].upper() + old[1:] if prefix == here.former else places.former_name(prefix)
