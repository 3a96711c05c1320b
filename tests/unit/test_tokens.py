"""A token is looked up in a fixed order, never shown, and written for its owner only."""

from __future__ import annotations

import copy
import json
import pickle
import stat
import sys
import traceback
from pathlib import Path
from types import ModuleType

import pytest
import requests

from microns_widgets.errors import (
    CaveError,
    InvalidArgument,
    InvalidType,
    MicronsError,
    OtherTokenSaved,
    TokenNotSaved,
    TokenRefused,
)
from microns_widgets.sources.cave.client import connect
from microns_widgets.sources.cave.origins import Origins
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


@pytest.mark.parametrize("content", ["", "\n", "{}", '{"token": ""}', '{"other": 1}'])
def test_an_empty_file_does_not_contain_a_token(secrets, content):
    write(secrets / "cave-secret.json").write_text(content)
    assert find_token(SERVER) is None


JSON = json.dumps({"token": TOKEN})


@pytest.mark.parametrize(
    "content",
    [
        JSON.encode("utf-8-sig"),
        JSON.encode("utf-16"),
        JSON.encode("utf-16-le"),
        JSON.encode("utf-16-be"),
        JSON.replace("}", "}\r\n").encode(),
        json.dumps({"token": f"{TOKEN}\n"}).encode(),
        json.dumps({"token": f'"{TOKEN}"'}).encode(),
        json.dumps({"token": f"Bearer {TOKEN.upper()}"}).encode(),
        TOKEN.encode(),
        f"{TOKEN}\r\n".encode("utf-16"),
        f'"{TOKEN}"\n'.encode(),
        f"\u201c{TOKEN}\u201d".encode(),
    ],
    ids=repr,
)
def test_a_token_is_read_however_an_editor_has_saved_it(secrets, content):
    file = write(secrets / "cave-secret.json")
    file.write_bytes(content)
    assert find_token(SERVER).secret == Secret(TOKEN)
    assert remove_token(Secret(TOKEN).fingerprint, SERVER) == [file]


@pytest.mark.parametrize(
    ("content", "odd"),
    [
        ("{", "is not JSON"),
        (f"token = {TOKEN}", "is not JSON"),
        ("[]", "is not a JSON object"),
        ('{"token": 5}', "has a 'token' that is not a string"),
        ("\xff", "is neither UTF-8 nor UTF-16"),
        (
            json.dumps({"minnie65_public": TOKEN}),
            "token under 'minnie65_public' instead of 'token'",
        ),
        (json.dumps({TOKEN: TOKEN}), "token under another key instead of 'token'"),
    ],
)
def test_a_file_in_which_no_token_can_be_read_is_named(secrets, monkeypatch, content, odd):
    write(secrets / "cave-secret.json").write_text(content, encoding="latin-1")
    with pytest.raises(TokenRefused, match=odd) as error:
        find_token(SERVER)
    assert "~/.cloudvolume/secrets/cave-secret.json" in str(error.value)
    assert "would invalidate the one that you have" in str(error.value)
    assert TOKEN not in str(error.value)
    colab(monkeypatch, lambda name: OTHER)
    assert find_token(SERVER).secret == Secret(OTHER), "a token that can be read comes first"


def test_a_folder_instead_of_a_token_file_is_named(secrets):
    (secrets / "cave-secret.json").mkdir(parents=True)
    with pytest.raises(TokenRefused, match=r"cave-secret\.json cannot be read \(Is a directory\)"):
        find_token(SERVER)


NEARLY = [TOKEN[1:], TOKEN + "0", f"{TOKEN[:16]}\n{TOKEN[16:]}", f"token {TOKEN}", f"Basic {TOKEN}"]


@pytest.mark.parametrize(
    "call",
    [
        *(lambda token=token: connect(token) for token in [*NEARLY, TOKEN.encode(), [TOKEN]]),
        *(lambda token=token: checked_token(token) for token in [*NEARLY, TOKEN.encode(), {TOKEN}]),
        lambda: connect(datastack=TOKEN),
        lambda: connect(server_address=f" {TOKEN}"),
        lambda: connect(TOKEN, server_address="http://cave.example.org"),
        lambda: connect(TOKEN, server_address="cave"),
    ],
)
def test_no_frame_of_an_error_shows_a_nearly_valid_token(call):
    with pytest.raises(MicronsError) as caught:
        call()
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    own = [frame for frame in frames if frame.f_globals["__name__"].startswith("microns_widgets")]
    assert own
    shown = f"{caught.value} {[frame.f_locals for frame in own]}"
    assert TOKEN[1:17] not in shown


def test_a_token_copied_with_its_surroundings_is_accepted():
    for text in (f" '{TOKEN}'\n", f"Bearer {TOKEN}", TOKEN.upper(), f"\ufeff{TOKEN}"):
        assert checked_token(text) == Secret(TOKEN)


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


HTTPS, LOCAL = "https://cave.example.org", "http://127.0.0.1:8000"


def admitted(server: str, address: str) -> bool:
    """Whether a request to an address includes the token, with `server` as the CAVE server."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Cookie": f"middle_auth_token={TOKEN}"}
    request = requests.Request("GET", address, headers=headers).prepare()
    Origins(server).admit(request, {})
    assert ("Cookie" in request.headers) == ("Authorization" in request.headers)
    return "Cookie" in request.headers


@pytest.mark.parametrize(
    ("server", "address", "kept"),
    [
        (HTTPS, f"{HTTPS}/info", True),
        (HTTPS, "https://CAVE.example.org:443/info", True),
        (HTTPS, "https://cave.example.org:8443/info", False),
        (HTTPS, "https://cave.example.org.evil.net/info", False),
        (HTTPS, "https://cave.example.org@evil.net/info", False),
        (HTTPS, "https://evil.net\\@cave.example.org/info", False),
        (HTTPS, "https://storage.googleapis.com/x", False),
        (LOCAL, f"{LOCAL}/info", True),
        (LOCAL, "http://127.0.0.1:8001/info", False),
        (LOCAL, "http://localhost:8000/info", False),
        (LOCAL, "https://127.0.0.1:8000/info", False),
    ],
)
def test_only_the_server_itself_gets_the_token(server, address, kept):
    assert admitted(server, address) == kept


@pytest.mark.parametrize(
    ("server", "address"),
    [
        (HTTPS, "http://cave.example.org/info"),
        (HTTPS, "http://cave.example.org:443/info"),
        (HTTPS, "http://127.0.0.1/info"),
        (LOCAL, "http://cave.example.org/info"),
    ],
)
def test_a_redirect_to_an_unencrypted_address_is_not_followed(server, address):
    with pytest.raises(CaveError, match="without encryption"):
        admitted(server, address)


def test_a_datastacks_own_server_must_be_encrypted():
    origins = Origins(HTTPS)
    origins.add("https://minnie.example.org/")
    request = requests.Request("GET", "https://minnie.example.org/x", {"Cookie": TOKEN}).prepare()
    origins.admit(request, {})
    assert "Cookie" in request.headers
    for address in (
        "http://minnie.example.org",
        "http://cave.example.org",
        "minnie",
        "",
        "ftp://x",
    ):
        with pytest.raises(CaveError, match="not an encrypted address"):
            Origins(HTTPS).add(address)
    Origins(LOCAL).add(f"{LOCAL}/")
    with pytest.raises(CaveError, match="not an encrypted address"):
        Origins(LOCAL).add("http://127.0.0.1:8001")


@pytest.mark.parametrize("server", ["http://cave.example.org", "http://10.0.0.7", "http://0.0.0.0"])
def test_an_unencrypted_server_on_another_machine_is_refused(server):
    with pytest.raises(InvalidArgument, match="others on the network could read your token"):
        Origins(server)


def test_requests_to_this_machine_do_not_use_a_proxy():
    options = {"proxies": {"http": "http://proxy.example.org"}}
    Origins(LOCAL).admit(requests.Request("GET", LOCAL).prepare(), options)
    assert options == {"proxies": {}}


@pytest.mark.parametrize("give_away", [pickle.dumps, copy.deepcopy])
def test_objects_that_hold_a_token_cannot_be_pickled_or_copied(give_away):
    session = requests.Session()
    session.headers["Authorization"] = HiddenText(f"Bearer {TOKEN}")
    with pytest.raises(InvalidType, match="create a client where it is needed"):
        give_away(session)
