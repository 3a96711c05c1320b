"""A token is looked up in a fixed order, never shown, and written for its owner only."""

from __future__ import annotations

import copy
import json
import pickle
import stat
import sys
from pathlib import Path
from types import ModuleType

import pytest

from microns_widgets.errors import InvalidType, OtherTokenSaved, TokenNotSaved, TokenRefused
from microns_widgets.sources.cave.secret import HiddenText, Secret
from microns_widgets.sources.cave.token_files import read_token, remove_token, save_token
from microns_widgets.sources.cave.tokens import checked_token, find_token

TOKEN, OTHER = "a1" * 16, "b2" * 16
SERVER = "https://cave.example.org"


@pytest.fixture(autouse=True)
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return caveclient's folder in a home of the test's own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.delenv("CAVE_TOKEN", raising=False)
    return tmp_path / ".cloudvolume" / "secrets"


def write(file: Path, **content: object) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content))
    return file


def colab(monkeypatch: pytest.MonkeyPatch, get) -> None:
    """Stand in for Colab's own module, which is only there."""
    module, userdata = ModuleType("google.colab"), ModuleType("google.colab.userdata")
    module.userdata, userdata.get = userdata, get
    monkeypatch.setitem(sys.modules, "google.colab", module)
    monkeypatch.setitem(sys.modules, "google.colab.userdata", userdata)


def test_nothing_shows_a_secret():
    secret = Secret(TOKEN)
    assert TOKEN not in f"{secret} {secret!r} {secret.reveal()!r} {[secret.reveal()]}"
    assert TOKEN not in repr({"Authorization": HiddenText(f"Bearer {TOKEN}").split(" ")})
    for give_away in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError, match="cannot be pickled or copied"):
            give_away(secret)


def test_the_environment_comes_before_the_files_and_colab_last(secrets, monkeypatch):
    colab(monkeypatch, lambda name: OTHER)
    assert find_token(SERVER).secret == Secret(OTHER)
    write(secrets / "cave.example.org-cave-secret.json", token=TOKEN)
    assert find_token(SERVER).secret == Secret(TOKEN)
    monkeypatch.setenv("CAVE_TOKEN", "c3" * 16)
    assert find_token(SERVER).secret == Secret("c3" * 16)


@pytest.mark.parametrize("name", ["cave-secret.json", "chunkedgraph-secret.json"])
def test_caveclients_files_for_all_servers_are_read_too(secrets, name):
    file = write(secrets / name, token=TOKEN)
    assert read_token(SERVER) == (Secret(TOKEN), file)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"token": 5}', '{"token": ""}', "\xff"])
def test_a_damaged_file_holds_no_token(secrets, content):
    file = write(secrets / "cave-secret.json")
    file.write_text(content, encoding="latin-1")
    assert find_token(SERVER) is None


@pytest.mark.parametrize("error", [TimeoutError(), PermissionError(), KeyError("CAVE_TOKEN")])
def test_colab_secrets_that_refuse_or_do_not_answer_do_no_harm(monkeypatch, error):
    def get(_name: str) -> str:
        raise error

    colab(monkeypatch, get)
    assert find_token(SERVER) is None


def test_the_message_for_a_malformed_token_names_its_place_but_not_its_content(monkeypatch):
    monkeypatch.setenv("CAVE_TOKEN", "my password")
    with pytest.raises(TokenRefused, match="CAVE_TOKEN is malformed: it has 11 ") as error:
        find_token(SERVER)
    assert "my password" not in str(error.value)


def test_32_characters_that_are_not_hexadecimal_are_malformed():
    with pytest.raises(TokenRefused, match=r"invalid characters\. Expected 32 characters"):
        checked_token("x" * 32)


def test_a_token_that_is_not_a_string_is_refused_without_showing_it():
    with pytest.raises(InvalidType, match="of type int") as error:
        checked_token(12345)
    assert "12345" not in str(error.value)


def test_a_token_is_saved_where_caveclient_finds_it(secrets):
    auth = pytest.importorskip("caveclient.auth", reason="needs the extra 'cave'")

    file = save_token(Secret(TOKEN), SERVER)
    assert file == secrets / "cave.example.org-cave-secret.json"
    assert auth.AuthClient(server_address=SERVER).token == TOKEN
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    assert list(secrets.iterdir()) == [file]


def test_saving_closes_a_file_that_others_could_read(secrets):
    file = write(secrets / "cave.example.org-cave-secret.json", token=TOKEN)
    file.chmod(0o644)
    save_token(Secret(TOKEN), SERVER)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_another_token_is_overwritten_only_on_request(secrets):
    file = write(secrets / "cave.example.org-cave-secret.json", token=OTHER, mine=1)
    with pytest.raises(OtherTokenSaved, match="was not replaced") as error:
        save_token(Secret(TOKEN), SERVER)
    assert str(secrets.parent.parent) not in str(error.value)
    assert json.loads(file.read_text()) == {"token": OTHER, "mine": 1}
    save_token(Secret(TOKEN), SERVER, overwrite=True)
    assert json.loads(file.read_text()) == {"token": TOKEN, "mine": 1}


def test_a_file_that_is_not_caveclients_is_left_alone(secrets):
    file = write(secrets / "cave.example.org-cave-secret.json")
    file.write_text("notes")
    with pytest.raises(TokenNotSaved, match="Check its content"):
        save_token(Secret(TOKEN), SERVER, overwrite=True)
    assert file.read_text() == "notes"


def test_a_full_disk_leaves_the_old_file_and_no_other(secrets, monkeypatch):
    file = write(secrets / "cave.example.org-cave-secret.json", mine=1)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(TokenNotSaved, match=r"could not be written \(No space left"):
        save_token(Secret(TOKEN), SERVER)
    assert json.loads(file.read_text()) == {"mine": 1}
    assert list(secrets.iterdir()) == [file]


def test_removing_takes_this_token_from_all_files_and_nothing_else(secrets):
    alone = write(secrets / "cave.example.org-cave-secret.json", token=TOKEN)
    beside = write(secrets / "cave-secret.json", token=TOKEN, mine=1)
    other = write(secrets / "chunkedgraph-secret.json", token=OTHER)
    assert remove_token(Secret(TOKEN).fingerprint, SERVER) == [alone, beside]
    assert not alone.exists()
    assert json.loads(beside.read_text()) == {"mine": 1}
    assert json.loads(other.read_text()) == {"token": OTHER}
