"""What numbers are, and which of them may be presented."""

import csv
from pathlib import Path

import pytest

from cx_desktop.domain.numbers.plan import Category, Verdict, category, costs_extra, presented

#: Numbers in many spellings, with what each is; only where the shared files are.
TABLE = Path(__file__).parents[4] / "shared" / "rules" / "fr_numbers.csv"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+33143212345", Category.GEOGRAPHIC),
        ("+33162031234", Category.VERIFIED),
        ("+33949123456", Category.VERIFIED),
        ("+33937123456", Category.PLATFORM),
        ("+33939499999", Category.PLATFORM),
        ("+33939500000", Category.OVERSEAS),
        ("+33612345678", Category.MOBILE),
        ("+33789123456", Category.MOBILE),
        ("+33800123456", Category.FREE),
        ("+33819123456", Category.SPECIAL),
        ("+33892123456", Category.PREMIUM),
        ("+590590123456", Category.OVERSEAS),
        ("+33947512345", Category.OVERSEAS),
        ("+33950000000", Category.GEOGRAPHIC),
        ("+442079460000", Category.FOREIGN),
    ],
)
def test_a_number_is_known_by_its_beginning(number: str, expected: Category) -> None:
    assert category(number) is expected


def test_increased_prices_are_known() -> None:
    assert [each for each in ("+33892123456", "+33820123456", "+33810123456") if costs_extra(each)]
    assert not costs_extra("+33800123456")
    assert not costs_extra("+33806123456")


def test_an_agent_may_present_a_land_line_but_no_mobile() -> None:
    assert presented("+33143212345", automated=False) == (Verdict.ALLOWED, "")
    assert presented("+33612345678", automated=False) == (Verdict.FORBIDDEN, "CID-08")


def test_the_verdicts_are_those_of_the_table() -> None:
    if not TABLE.exists():
        pytest.skip("the shared table of numbers is not here")
    expected = {"allow": Verdict.ALLOWED, "warn": Verdict.EXCEPTION, "block": Verdict.FORBIDDEN}
    rows = csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines())
    numbers = {row["expected"]: row for row in rows if row["expected"].startswith("+")}
    assert {
        number
        for number, row in numbers.items()
        if presented(number, automated=True)[0] is not expected[row["callerid_automated"]]
    } == set()
    assert {
        number
        for number, row in numbers.items()
        if (presented(number, automated=False)[0] is Verdict.FORBIDDEN)
        is not (row["callerid_agent_manual"] == "block")
    } == set()
