"""Lists to import: made anew for each run, the same people every time."""

import csv
import random
from pathlib import Path

import xlsxwriter

HEADINGS = (
    "Instagram handle",
    "Name",
    "Followers",
    "Likes avg.",
    "Comments avg.",
    "Country",
    "City",
    "Bio",
)
PLACES = (
    ("France", "Lyon"),
    ("France", "Nantes"),
    ("Belgique", "Liège"),
    ("Canada", "Montréal"),
    ("Deutschland", "Köln"),
    ("España", "Sevilla"),
)
FIRST = ("Zoé", "Marc", "Anaïs", "Hugo", "Léa", "Noémie", "Théo", "Inès", "Paul", "Chloé")
LAST = ("Martin", "Dubois", "Lefèvre", "Moreau", "Garnier", "Roussel", "Blanc", "Perrin")
WORDS = ("plants", "vélo", "cuisine", "trail", "books", "ceramics", "jardin", "coffee", "voyage")


def rows(count: int) -> list[list[str]]:
    """Invent so many people, one account each."""
    dice = random.Random(7)
    found = []
    for number in range(count):
        first, last = dice.choice(FIRST), dice.choice(LAST)
        country, city = dice.choice(PLACES)
        followers = int(10 ** dice.uniform(2.5, 6.5))
        bio = f"{first} · {' '.join(dice.sample(WORDS, 4))} · {city}"
        found.append(
            [
                f"{first.casefold()}.{last.casefold()}.{number}",
                f"{first} {last} {number}",
                str(followers),
                str(followers // 30),
                str(followers // 900),
                country,
                city,
                bio,
            ]
        )
    return found


def write_csv(path: Path, count: int) -> None:
    """Write a list of so many people as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(rows(count))


def write_xlsx(path: Path, count: int) -> None:
    """Write the same list as a workbook, figures as numbers."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet()
    for at, row in enumerate([list(HEADINGS), *rows(count)]):
        sheet.write_row(at, 0, [int(cell) if cell.isdecimal() else cell for cell in row])
    book.close()
