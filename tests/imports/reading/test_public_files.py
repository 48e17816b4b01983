"""The real files: as many rows as they have, whatever they are written in."""

from pathlib import Path

import pytest

from irm.imports.reading import cage
from irm.imports.reading.sheet import FIND_OUT

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the public lists are not beside this project (../shared/data)"
)

#: Name, format, encoding, rows, columns.
FILES = [
    ("influencers_instagram_2022-09.csv", "text", "utf-8", 1050, 12),
    ("influencers_youtube_2022-06.csv", "text", "utf-8", 1021, 13),
    ("influencers_tiktok_2022-11.csv", "text", "utf-8", 1000, 8),
    ("fr_deputes_twitter_2015-05-18_3cols.csv", "text", "utf-8", 357, 3),
    ("fr_deputes_twitter_2018-01-02.csv", "text", "utf-8", 523, 20),
    ("fr_deputes_twitter_2023-04-06.csv", "text", "utf-8", 584, 21),
    ("fr_deputes_followers_monthly.csv", "text", "utf-8", 48319, 10),
    ("fr_creators_crowdfunding.xlsx", "workbook", None, 74, 7),
    ("youtube_trending_FR_2017-11.csv", "text", "utf-8", 2999, 16),
    ("instagram_own_posts_nbsp_cp1252.csv", "text", "cp1252", 119, 13),
    ("meta_export/audience_utf16le.csv", "text", "utf-16", 6, 3),
    ("meta_export/reach_utf16le.csv", "text", "utf-16", 105, 2),
    ("meta_export/follows_utf16le.csv", "text", "utf-16", 105, 2),
    ("meta_export/instagram_posts.csv", "text", "utf-8", 78, 18),
    ("net_fr_mps_follows_edges.tsv", "text", "utf-8", 12869, 2),
    ("net_fr_mps_follows_nodes.tsv", "text", "utf-8", 577, 8),
    ("net_fb_politician_pages_edges.csv", "text", "utf-8", 41729, 2),
    ("net_fb_politician_pages_ids.csv", "text", "utf-8", 5908, 3),
    ("crm/sales_pipeline.csv", "text", "utf-8", 8800, 8),
    ("crm/accounts.csv", "text", "utf-8", 85, 7),
    ("crm/products.csv", "text", "utf-8", 7, 3),
    ("crm/sales_teams.csv", "text", "utf-8", 35, 3),
]


@pytest.mark.parametrize(("name", "kind", "encoding", "rows", "columns"), FILES)
def test_a_list_has_the_rows_and_columns_it_has(tmp_path, name, kind, encoding, rows, columns):
    sheet = cage.convert(DATA / name, Path(name).name, FIND_OUT, tmp_path / "rows")

    assert (sheet.format, sheet.encoding, sheet.count) == (kind, encoding, rows)
    assert len(sheet.headings) == len(set(sheet.headings)) == columns
    assert sum(1 for _ in sheet.rows()) == rows
    assert {len(cells) for _, cells in sheet.rows()} == {columns}
    assert sheet.notes == ()


def test_the_audience_of_a_page_is_three_tables():
    sheet = cage.inspect(DATA / "meta_export" / "audience_utf16le.csv", "audience.csv")

    names = [(table.name, len(table.headings), table.rows) for table in sheet.tables]
    assert names == [("Age & gender", 3, 6), ("Top countries", 10, 1), ("Top cities", 10, 1)]


def test_the_cards_of_six_programs_are_seventeen_people(tmp_path):
    count = 0
    for path in (DATA / "crm" / "vcards").iterdir():
        sheet = cage.convert(path, path.name, FIND_OUT, tmp_path / "rows")
        count += sheet.count
        for _, cells in sheet.rows():
            card = dict(zip(sheet.headings, cells, strict=True))
            assert card["Name"] or card["E-mail"]
            assert not any("\\," in cell or "=C3" in cell for cell in cells)
    assert count == 17


def test_ids_and_money_stay_as_they_are_written(tmp_path):
    rows = tmp_path / "rows"
    book = cage.convert(DATA / "fr_creators_crowdfunding.xlsx", "list.xlsx", FIND_OUT, rows)
    gifts = {cells[4] for _, cells in book.rows()}
    assert {"€1,322", "[]"} <= gifts

    posts = cage.convert(DATA / "meta_export" / "instagram_posts.csv", "posts.csv", FIND_OUT, rows)
    assert all(cells[0].isdigit() and len(cells[0]) == 17 for _, cells in posts.rows())
