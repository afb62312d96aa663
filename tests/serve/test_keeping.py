"""The page about the archive: what was read again and what is damaged, for the data office and nobody else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import httpx2
from playwright.sync_api import Page, expect
from tests.serve.conftest import log_in
from tests.serve.hall import Hall
from tests.serve.test_accessible import violations

from verriere.catalogue.fixity import Kept
from verriere.wording import finding


def test_the_data_office_sees_what_is_damaged_and_nobody_else_finds_the_page(
    visitor: Callable[..., Page], axe: str, client: httpx2.Client, hall: Hall
) -> None:
    assert client.get("/en/keeping").status_code == 403
    facility, dataset = hall.facility, hall.embargoed
    now = facility.now()
    found = finding("fixity-changed", "v1/content/data/scan.nxs", object=dataset.id)
    kept = Kept(dataset.id, now, now, now + timedelta(days=1), False, (found,))
    facility.catalogue.enter_audit(kept, now=now, by="test")
    try:
        page = visitor()
        log_in(page, "office", after="/fr/keeping")
        card = page.get_by_role("listitem").filter(has_text=dataset.id).first
        expect(card).to_contain_text("leur empreinte diffère")
        assert not violations(page, axe)
        stranger = visitor()
        log_in(stranger, "louis")
        answer = stranger.goto("/en/keeping")
        assert answer is not None
        assert answer.status == 404
    finally:
        facility.catalogue.enter_audit(replace(kept, whole=True, findings=()), now=now, by="test")
