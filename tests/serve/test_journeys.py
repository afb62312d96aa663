"""What people come for, with a browser: finding, reading, downloading, looking after data."""

import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.serve.conftest import log_in
from tests.serve.hall import Hall


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_visitor_searches_narrows_opens_and_downloads(
    visitor: Callable[..., Page], hall: Hall, tmp_path: Path, scripts: bool
) -> None:
    page = visitor(java_script_enabled=scripts)
    page.goto("/en/")
    page.get_by_label("Search the data").fill("silver")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("complementary").get_by_role("link", name="SWING").click()
    expect(page.get_by_role("heading", name="1 dataset")).to_be_visible()
    expect(page).to_have_url(re.compile("beamline=SWING"))
    page.get_by_role("link", name="Silver behenate, 2 m").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Silver behenate, 2 m")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="AgBh_0001.nxs").click()
    waiting.value.save_as(tmp_path / "got.nxs")
    assert waiting.value.suggested_filename == "AgBh_0001.nxs"
    assert sha256((tmp_path / "got.nxs").read_bytes()).hexdigest() == hall.open.files[0].sha256


def test_filters_do_not_load_the_page_again_and_can_be_taken_back(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.goto("/fr/search")
    page.evaluate("window.stillHere = true")
    page.get_by_role("complementary").get_by_role("link", name="SWING").click()
    expect(page.get_by_role("heading", name="1 jeu de données")).to_be_focused()
    assert page.evaluate("window.stillHere")
    expect(page.get_by_role("link", name="English")).to_have_attribute("href", "/en/search?beamline=SWING")
    page.get_by_role("link", name="Retirer le filtre").click()
    expect(page.get_by_role("heading", name="5 jeux de données")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="1 jeu de données")).to_be_visible()


def test_a_search_that_cannot_be_understood_says_where(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.goto("/en/search?q=silver+energy:%3Eheavy")
    trouble = page.get_by_role("alert")
    expect(trouble).to_contain_text("The trouble starts at character")
    expect(trouble.locator("mark")).to_have_text("h")
    expect(page.get_by_label("Search the data")).to_have_value("silver energy:>heavy")


def test_the_language_of_the_browser_is_met_and_can_be_changed(visitor: Callable[..., Page]) -> None:
    page = visitor(locale="fr-FR")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    page.goto("/fr/datasets/ds-open")
    expect(page.get_by_text("Ouvert depuis le 15 août 2026.")).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_text("Open since 15 August 2026.")).to_be_visible()


def test_dataset_page_says_what_was_inferred_and_where_values_were_read(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.goto("/en/datasets/ds-open")
    expect(page.get_by_text("inferred from the structure of the file")).to_be_visible()
    expect(page.get_by_text("/entry/instrument/beam/energy")).to_be_visible()
    expect(page.get_by_text("mean of")).to_have_count(0)
    page.get_by_role("link", name="All parameters").click()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text("mean of 1,000 values from 290 to 301")).to_be_visible()


def test_the_cited_address_leads_to_the_page_in_the_readers_language(visitor: Callable[..., Page]) -> None:
    page = visitor(locale="fr-FR")
    page.goto("/en/datasets/ds-open")
    page.goto("/" + page.locator("#citation").inner_text().rsplit("/", 2)[1] + "/ds-open")
    expect(page).to_have_url(re.compile("/fr/datasets/ds-open$"))


def test_plot_comes_with_words_a_table_and_a_download(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.goto("/en/datasets/ds-open")
    picture = page.locator("figure img")
    expect(picture).to_be_visible()
    assert page.evaluate("document.querySelector('figure img').naturalWidth") > 0
    page.get_by_role("link", name="Description and table of values").click()
    assert page.get_by_role("row").count() > 10
    csv = page.request.get(page.get_by_role("link", name="These values as CSV").get_attribute("href") or "")
    assert csv.headers["content-type"].startswith("text/csv")
    assert len(csv.text().splitlines()) > 10


@pytest.mark.parametrize("person", [None, "louis"])
def test_a_stranger_sees_the_citation_of_an_embargoed_dataset_and_no_more(
    visitor: Callable[..., Page], person: str | None
) -> None:
    page = visitor()
    if person:
        log_in(page, person)
    page.goto("/en/datasets/ds-embargoed")
    expect(page.get_by_role("heading", level=1)).to_have_text("Zeolite grains")
    expect(page.get_by_text("It opens by itself on 4 September 2029.")).to_be_visible()
    expect(page.locator("#citation")).to_contain_text("Fontaine, Claire; Okafor, Daniel (2029): Zeolite grains.")
    expect(page.locator("figure")).to_have_count(0)
    source = page.content()
    for hidden in ("grains_0042", "secret-folder", "Someone Private", "private-login", "motor_", "behenate"):
        assert hidden not in source


def test_team_sees_everything_of_its_embargoed_dataset(visitor: Callable[..., Page]) -> None:
    page = visitor()
    log_in(page, "claire")
    page.get_by_role("link", name="Zeolite grains").click()
    expect(page.locator("figure img")).to_be_visible()
    expect(page.get_by_text("Someone Private")).to_be_visible()
    with page.expect_download():
        page.get_by_role("link", name="grains_0042.nxs").click()


def test_who_may_not_see_is_sent_back_after_logging_in(visitor: Callable[..., Page]) -> None:
    page = visitor(java_script_enabled=False)
    page.goto("/datasets/ds-embargoed/files/whatever.nxs")
    expect(page.get_by_role("heading", level=1)).to_have_text("This is not open to you")
    page.goto("/en/datasets/ds-embargoed")
    page.locator("main").get_by_role("link", name="Log in").click()
    page.get_by_label("User name or e-mail").fill("claire")
    page.get_by_label("Password").fill("the light comes from above")
    page.locator("main").get_by_role("button", name="Log in").click()
    expect(page.get_by_text("grains_0042.nxs")).to_be_visible()


def test_data_office_gives_a_dataset_its_visit(visitor: Callable[..., Page]) -> None:
    page = visitor()
    log_in(page, "office", "/en/quarantine")
    one = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="To be given a visit"))
    one.get_by_label("Visit").fill("no-such-visit")
    one.get_by_role("button", name="Assign").click()
    expect(page.get_by_role("alert")).to_be_visible()
    one.get_by_label("Visit").fill("20269031-A")
    one.get_by_role("button", name="Assign").click()
    expect(page.get_by_role("status")).to_contain_text("ds-spare was given its visit.")
    expect(page.get_by_role("heading", name="To be given a visit")).to_have_count(0)


def test_in_french_the_pages_of_the_data_office_stand_in_one_line(visitor: Callable[..., Page]) -> None:
    page = visitor()
    log_in(page, "office", after="/fr/quarantine")
    links = page.get_by_role("navigation", name="Principale").get_by_role("link")
    boxes = [box for link in links.all() if (box := link.bounding_box())]
    assert len(boxes) == links.count() > 5
    assert len({box["y"] for box in boxes}) == 1


def test_nothing_is_loaded_from_elsewhere(visitor: Callable[..., Page]) -> None:
    page = visitor()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/en/", "/en/search", "/en/datasets/ds-open", "/en/login"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
    origin = page.evaluate("location.origin")
    assert [url for url in asked if not url.startswith((origin, "data:"))] == []
