"""Each page of the built site: nothing from elsewhere, nothing broken, readable everywhere."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

from microns_widgets.site import build_site
from microns_widgets.site.course import Course
from tests.browser.accessibility import serious_faults
from tests.browser.built_site import PLACES, Visit
from tests.browser.hosts import ROOT
from tests.long_cases import every_third, long_unless
from tools.lint_notebooks.conventions import repository_url, site_url, wheel_url

PAGES = [str(page.with_suffix(".html")) for page in Course(ROOT).pages]
#: Every third page in each run, the others in the long one.
each_third_page = pytest.mark.parametrize("name", every_third(PAGES))
#: Pages in each run that have all widgets among them, and each kind of text.
WITH_AXE = (
    *("index.html", "course/null_models.html", "course/circuit.html"),
    *("exercises/chance.html", "docs/masters.html"),
)
PHONE = 360

# What sticks out to the right, unless it scrolls within something of its own.
STICKS_OUT = """(width) =>
  [...document.querySelectorAll(".bd-article *, footer *")].filter((element) => {
    const { right, width: own } = element.getBoundingClientRect();
    if (own === 0 || right <= width + 1) return false;
    for (let at = element.parentElement; at; at = at.parentElement) {
      const inside = at.getBoundingClientRect().right <= width + 1;
      if (inside && getComputedStyle(at).overflowX !== "visible") return false;
    }
    return true;
  }).map((element) => element.outerHTML.slice(0, 120))"""


@pytest.fixture(params=["http", "file"])
def site(request: pytest.FixtureRequest) -> str:
    """Return the site's address, on a server and on the disk in turn."""
    address: str = request.getfixturevalue(f"site_by_{request.param}")
    return address


@pytest.fixture
def open_page(site: str, visit_site: Callable[..., Visit]) -> Callable[..., Visit]:
    return lambda name, **options: visit_site(site, name, **options)


@pytest.mark.parametrize(
    ("name", "site"),
    long_unless([(name, "http") for name in PAGES], lambda case: case[0].startswith("course/"))
    + every_third((name, "file") for name in PAGES),
    indirect=["site"],
)
def test_a_page_loads_nothing_else_has_no_error_and_draws_each_widget_once(
    open_page: Callable[..., Visit], name: str
) -> None:
    visit = open_page(name)
    visit.wait_for_widgets()
    shown = visit.page.locator(PLACES).evaluate_all(
        "(places) => places.flatMap(({ dataset }) => dataset.shows.split(' '))"
    )
    assert visit.page.locator(f"{PLACES} > section").count() == len(shown)
    assert len(set(shown)) == len(shown)
    # The still pictures are hidden behind their widgets.
    assert visit.page.locator(".mw-still:visible").count() == 0
    assert (visit.foreign, visit.missing, visit.errors) == ([], [], [])


@pytest.mark.parametrize("site", ["http"], indirect=True)
@each_third_page
def test_a_phone_scrolls_no_page_sideways(open_page: Callable[..., Visit], name: str) -> None:
    visit = open_page(name, width=PHONE)
    visit.wait_for_widgets()
    assert visit.page.evaluate("() => document.documentElement.scrollWidth") <= PHONE
    assert visit.page.evaluate(STICKS_OUT, PHONE) == []


@pytest.mark.parametrize(
    ("name", "site"),
    long_unless(
        [(name, "http") for name in PAGES], lambda case: case[0].startswith(("index", "course/m"))
    ),
    indirect=["site"],
)
def test_a_page_loads_less_than_3_mb_before_the_first_gesture(
    open_page: Callable[..., Visit], name: str
) -> None:
    visit = open_page(name)
    visit.wait_until_quiet()
    assert 500_000 < visit.n_bytes < 3_000_000


def test_only_a_page_with_a_formula_loads_mathjax(built_site: Path) -> None:
    for name in PAGES:
        text = (built_site / name).read_text(encoding="utf-8")
        assert ("mathjax/tex" in text) == ('class="math' in text), name


@pytest.mark.parametrize("site", ["http"], indirect=True)
@pytest.mark.parametrize("width", [1280, 390])
def test_no_line_of_code_is_cut(open_page: Callable[..., Visit], width: int) -> None:
    visit = open_page("course/matrix.html", width=width)
    cut = visit.page.locator(".bd-article pre").evaluate_all(
        """(boxes) => boxes
          .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
          .map(({ innerText }) => innerText.slice(0, 80))"""
    )
    assert cut == []


@pytest.mark.parametrize("site", ["http"], indirect=True)
@pytest.mark.parametrize("name", long_unless(PAGES, lambda name: name in WITH_AXE))
def test_axe_finds_no_serious_fault_in_light_and_dark(
    open_page: Callable[..., Visit], name: str
) -> None:
    visit = open_page(name)
    visit.wait_for_widgets()
    for theme in ("light", "dark"):
        visit.switch_theme(theme)
        assert serious_faults(visit.page, "html") == []


def test_the_search_finds_a_chapter_by_a_word_of_its_text(open_page: Callable[..., Visit]) -> None:
    visit = open_page("search.html?q=autapse")
    found = visit.page.locator("#search-results a", has_text="Synapses").first
    expect(found).to_be_visible()
    found.click()
    expect(visit.page.locator("h1").first).to_contain_text("Synapses")
    assert (visit.foreign, visit.missing, visit.errors) == ([], [], [])


def test_a_page_opens_its_notebook_in_colab_and_offers_it_as_it_is_in_git(built_site: Path) -> None:
    course = Course(ROOT)
    repository = course.config["repository"]
    place = repository["url"].removeprefix("https://github.com/")
    colab = f"https://colab.research.google.com/github/{place}/blob/{repository['branch']}"
    for notebook in course.notebooks:
        text = (built_site / notebook.with_suffix(".html")).read_text(encoding="utf-8")
        assert f'href="{colab}/{notebook}"' in text
        assert f'href="../_sources/{notebook}"' in text
        offered = (built_site / "_sources" / notebook).read_bytes()
        assert offered == (ROOT / notebook).read_bytes()


def test_the_site_has_the_wheel_that_the_notebooks_install(built_site: Path) -> None:
    repository = repository_url()
    wheel = wheel_url(repository).removeprefix(site_url(repository))
    with ZipFile(built_site / wheel) as archive:
        names = archive.namelist()
    assert "microns_widgets/widgets/static/cell-picker.js" in names
    assert "microns_widgets/site/on_page.js" in names


@pytest.mark.long
def test_a_build_that_executes_the_chapters_has_the_same_pages(
    built_site: Path, tmp_path: Path
) -> None:
    """As `make site` does it: the site of the other tests is made of chapters that ran before."""

    def files(html: Path) -> set[Path]:
        return {path.relative_to(html) for path in html.rglob("*.html")}

    assert files(build_site(ROOT, tmp_path / "html").html) == files(built_site)


class _Links(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.ids.update(value for key in ("id", "name") if (value := given.get(key)))
        self.targets += [value for key in ("href", "src") if (value := given.get(key))]


def test_no_link_within_the_site_is_broken(built_site: Path) -> None:
    pages = {
        path: _Links(path.read_text(encoding="utf-8"))
        for path in built_site.rglob("*.html")
        if not {"_static", "vendor"} & set(path.relative_to(built_site).parts)
    }
    broken = [
        f"{path.relative_to(built_site)}: {target}"
        for path, page in pages.items()
        for target in page.targets
        if not _resolves(path, target, pages)
    ]
    assert len(pages) > len(PAGES)
    assert broken == []


def _resolves(page: Path, target: str, pages: dict[Path, _Links]) -> bool:
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        return True
    path = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if path.is_dir():
        path /= "index.html"
    anchor = unquote(parts.fragment)
    known = path not in pages or anchor in pages[path].ids
    return path.is_file() and (known or anchor in ("", "top"))


def test_a_phone_opens_the_contents_of_the_course_and_of_the_page(
    site_by_http: str, visit_site: Callable[..., Visit]
) -> None:
    visit = visit_site(site_by_http, "course/null_models.html", width=390, height=800)
    page = visit.page
    page.locator(".secondary-toggle:visible").click()
    page.get_by_role("dialog").get_by_role("link", name="A ladder of null models").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    heading = page.get_by_role("heading", name="A ladder of null models")
    expect(heading).to_be_in_viewport()
    page.wait_for_timeout(500)
    box = heading.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 200
    page.locator(".primary-toggle:visible").click()
    page.get_by_role("dialog").get_by_role("link", name="Structure and function").first.click()
    expect(page.locator(".bd-article h1")).to_contain_text("Structure and function")
    assert visit.errors == []
