"""The weekly check of addresses, against a server on loopback."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import check_addresses
import pytest

STATUS = {"/there": 200, "/for-people": 403, "/gone": 404}


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(STATUS[self.path])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args):
        pass


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_only_an_address_that_is_gone_is_told(server):
    found = check_addresses.check(f"{server}{path}" for path in STATUS)
    assert found == {f"{server}/gone": "status 404"}


def test_an_address_without_a_server_is_told(server):
    nobody = "http://127.0.0.1:9/"
    assert set(check_addresses.check([nobody])) == {nobody}


def test_links_elsewhere_are_found_with_their_pages(tmp_path):
    (tmp_path / "course").mkdir()
    for name in ("index.html", "course/start.html"):
        text = '<a href="https://a.example/b#c">b</a> <a href="index.html">here</a>'
        (tmp_path / name).write_text(text)
    pages = check_addresses.links(tmp_path)
    assert {key: sorted(value) for key, value in pages.items()} == {
        "https://a.example/b": ["course/start.html", "index.html"]
    }


def test_the_data_of_every_version_are_asked_for():
    assert any("cell_info_1300" in address for address in check_addresses.DATA)
    assert all(address.startswith("https://") for address in check_addresses.DATA)
