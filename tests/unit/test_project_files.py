"""The files beside the code say the same as the code: versions, addresses, folders, commands."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from tools.lint_notebooks.conventions import ROOT, repository_url, site_url

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
GITHUB = ROOT / ".github"
FORMS = sorted(
    path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml"
)
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))


def read(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_citation_has_the_version_and_addresses_of_the_package():
    citation = read(ROOT / "CITATION.cff")
    assert citation["cff-version"] == "1.2.0"
    assert (citation["title"], citation["license"]) == (PROJECT["name"], PROJECT["license"])
    assert citation["version"] == PROJECT["version"]
    assert citation["repository-code"] == repository_url()
    assert citation["url"] == site_url(repository_url())


def test_the_changelog_begins_with_the_version_of_the_package():
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\S+)", changes, re.MULTILINE)[0] == PROJECT["version"]


def test_the_addresses_in_the_metadata_follow_from_the_repositorys():
    addresses = PROJECT["urls"]
    assert addresses["Repository"] == repository_url()
    assert addresses["Homepage"] == site_url(repository_url())
    for address in addresses.values():
        assert address.startswith((repository_url(), site_url(repository_url())))
    page = addresses["Documentation"].removeprefix(site_url(repository_url()))
    assert (ROOT / page).with_suffix(".md").is_file()


@pytest.mark.parametrize("name", ["SECURITY.md", "CODE_OF_CONDUCT.md"])
def test_reports_go_to_the_repository(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert f"{repository_url()}/security/advisories/new" in text


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_for_issues_asks_for_something(path):
    form = read(path)
    assert form["name"]
    assert form["description"]
    required = [field for field in form["body"] if field.get("validations", {}).get("required")]
    assert required
    assert len({field["id"] for field in form["body"]}) == len(form["body"])


def test_dependabot_looks_where_packages_are_named():
    manifests = {
        "github-actions": ".github/workflows",
        "pip": "pyproject.toml",
        "npm": "package.json",
    }
    updates = read(GITHUB / "dependabot.yml")["updates"]
    assert {update["package-ecosystem"] for update in updates} == set(manifests)
    for update in updates:
        for folder in update.get("directories", [update.get("directory")]):
            assert (ROOT / folder.strip("/") / manifests[update["package-ecosystem"]]).exists()


def test_hooks_use_the_projects_own_tools():
    [own] = read(ROOT / ".pre-commit-config.yaml")["repos"]
    assert own["repo"] == "local"
    assert {hook["language"] for hook in own["hooks"]} == {"system"}
    programs = {hook["entry"].split()[0] for hook in own["hooks"]}
    assert programs == {".venv/bin/ruff", ".venv/bin/python", "npm"}


def test_nothing_is_published_with_a_password():
    for path in WORKFLOWS:
        assert "secrets." not in path.read_text(encoding="utf-8"), path.name
    jobs = read(GITHUB / "workflows" / "release.yml")["jobs"]
    may_publish = [name for name, job in jobs.items() if "id-token" in job.get("permissions", {})]
    assert may_publish == ["pypi"]
    assert jobs["pypi"]["environment"] == "pypi"
    assert jobs["pypi"]["if"] == "github.ref_type == 'tag'"


def test_workflows_run_targets_that_there_are():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    for path in WORKFLOWS:
        for command in re.findall(r"run: make (.+)", path.read_text(encoding="utf-8")):
            named = {word for word in command.split() if not word.startswith("-")}
            assert named <= targets, path.name
