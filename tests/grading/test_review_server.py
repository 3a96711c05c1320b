"""The server of the teacher's page answers the browser that has its address, and nobody else."""

from __future__ import annotations

import errno
import os
import threading
import time
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from grading.reviewed_class import session, write_class
from werkzeug.test import create_environ, run_wsgi_app

from microns_widgets.grading.report.kept import FOLDER, keep, read_kept
from microns_widgets.grading.report.record import FILE as RECORD
from microns_widgets.grading.review.journal import FILE as JOURNAL
from microns_widgets.grading.review.serve import Answering
from microns_widgets.grading.review.server import make_app

PORT = "8123"
HOST = f"127.0.0.1:{PORT}"
OWN = {"Host": HOST, "Origin": f"http://{HOST}"}


@pytest.fixture
def review(tmp_path):
    return session(write_class(tmp_path))


class Browser(FlaskClient):
    """Sends requests to the server's own port, whatever name it gives it."""

    def open(self, *args, **options):
        options["environ_overrides"] = {"SERVER_PORT": PORT}
        return super().open(*args, base_url=f"http://{HOST}", **options)


@pytest.fixture
def client(review):
    app = make_app(review, lambda: None)
    app.test_client_class = Browser
    return app.test_client()


@pytest.fixture
def entered(review, client):
    answer = client.get(f"/?token={review.token('address')}", headers={"Host": HOST})
    assert answer.status_code == 200
    return client


def change(review, **more):
    work = next(iter(review.works))
    return {
        **{"id": "1", "who": "Tina", "n": 0, "kind": "mark", "work": work, "answer": "why"},
        **{"patch": {"points": 1}},
        **more,
    }


def test_the_cookie_is_for_this_site_alone_and_no_script_sees_it(review, client):
    answer = client.get(f"/?token={review.token('address')}", headers={"Host": HOST})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert review.token("address") not in answer.text


@pytest.mark.parametrize("path", ["/", "/data", "/static/main.js", "/changes/0", "/?token=wrong"])
def test_nothing_is_told_without_the_token(client, path):
    assert client.get(path, headers={"Host": HOST}).status_code == 403


@pytest.mark.parametrize("host", ["evil.example:8123", "127.0.0.1:80", "127.0.0.1.evil.example"])
def test_another_host_name_is_refused(entered, host):
    assert entered.get("/data", headers={"Host": HOST}).status_code == 200
    [cookie] = entered._cookies.values()
    name = f"microns_review_{host.rpartition(':')[2]}"
    stolen = {"Host": host, "Cookie": f"{name}={cookie.value}"}
    assert entered.get("/data", headers=stolen).status_code == 403


@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", f"https://{HOST}"])
def test_another_site_cannot_change_anything(review, entered, origin):
    headers = {"Host": HOST, **({"Origin": origin} if origin else {})}
    assert entered.post("/change", json=change(review), headers=headers).status_code == 403
    assert review.store.mark(("ada", "sums", "why")) is None
    assert entered.post("/change", json=change(review), headers=OWN).status_code == 200
    assert review.store.mark(("ada", "sums", "why")) == (1, "")


def test_every_answer_has_a_strict_policy(entered):
    for path in ("/", "/data", "/static/main.js", "/nothing"):
        headers = entered.get(path, headers={"Host": HOST}).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/static/../server.py", "/static/server.py", "/static/%2e%2e/x"])
def test_no_other_file_is_served(entered, path):
    assert entered.get(path, headers={"Host": HOST}).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"work": "other"},
        {"answer": "other"},
        {"who": " "},
        {"kind": "other"},
        {"patch": {"points": "1"}},
        {"patch": {}},
        {"n": "x"},
        {"kind": "rubric", "exercise": "x", "answer": "why", "rubric": {"items": []}},
    ],
)
def test_what_is_no_change_is_refused(review, entered, wrong):
    answer = entered.post("/change", json=change(review, **wrong), headers=OWN)
    assert answer.status_code == 400
    assert review.store.mark(("ada", "sums", "why")) is None


def test_what_is_no_figure_has_no_picture_and_is_no_error(review, entered):
    work = next(iter(review.works))
    for whose in ("own", "key"):
        path = f"/figure/{whose}/{work}/sums.total/total.png"
        answer = entered.get(path, headers={"Host": HOST})
        assert (answer.status_code, answer.data) == (204, b"")


def test_a_huge_request_is_refused(entered):
    answer = entered.post("/requests", data=b"x" * (3 << 20), headers=OWN)
    assert answer.status_code == 413


def test_results_are_written_and_the_server_ends(review, entered):
    entered.post("/change", json=change(review), headers=OWN)
    answer = entered.post("/write", json={}, headers=OWN)
    assert answer.get_json()["problems"] == []
    assert (review.out / "grades.csv").is_file()
    assert entered.post("/stop", json={}, headers=OWN).get_json() == {"stopped": True}


def test_the_server_ends_only_after_the_page_has_its_answer(review):
    ended = []
    app = make_app(review, lambda: ended.append(True))
    app.test_client_class = Browser
    entered = app.test_client()
    entered.get(f"/?token={review.token('address')}", headers={"Host": HOST})
    answer = entered.post("/stop", json={}, headers=OWN, buffered=False)
    assert answer.get_json() == {"stopped": True}
    assert ended == []
    answer.close()
    assert ended == [True]


def test_the_end_waits_for_what_is_being_answered():
    begun, go_on, done = threading.Event(), threading.Event(), []

    def slow(environ, start_response):
        begun.set()
        assert go_on.wait(30)
        start_response("200 OK", [])
        return [b"written"]

    app = Answering(slow)

    def ask():
        body, _, _ = run_wsgi_app(app, create_environ(), buffered=True)
        done.append(b"".join(body))

    thread = threading.Thread(target=ask)
    thread.start()
    assert begun.wait(30)
    app.wait(longest=0.01)
    assert done == []
    threading.Timer(0.1, go_on.set).start()
    app.wait()
    thread.join(30)
    assert done == [b"written"]


def test_an_answer_that_fails_does_not_delay_the_end():
    def broken(environ, start_response):
        raise ValueError("broken")

    app = Answering(broken)
    with pytest.raises(ValueError, match="broken"):
        run_wsgi_app(app, create_environ())
    begun = time.monotonic()
    app.wait(longest=30)
    assert time.monotonic() - begun < 10


def test_results_that_were_graded_again_meanwhile_are_read_again(review, entered):
    entered.post("/change", json=change(review), headers=OWN)
    before = entered.get("/data", headers=OWN).get_json()
    kept = read_kept(review.out)
    [first, *others] = kept.graded
    total, *rest = first.marks
    answers = tuple(replace(one, points=0.5) for one in total.answers)
    graded = [replace(first, marks=(replace(total, answers=answers), *rest)), *others]
    keep(review.out, replace(kept, graded=graded))
    # The record is written last: before it, the folder may be half written.
    os.utime(review.out / RECORD, ns=(0, 0))
    assert entered.get("/changes/1", headers=OWN).get_json()["boot"] == before["boot"]
    os.utime(review.out / RECORD)
    assert entered.get("/changes/1", headers=OWN).get_json()["boot"] != before["boot"]
    after = entered.get("/data", headers=OWN).get_json()
    work = next(iter(review.works))
    assert after["works"][work]["questions"]["sums.total"]["answers"]["total"]["points"] == 0.5
    assert after["marks"] == before["marks"]
    again = change(review, id="2", patch={"points": 2})
    assert entered.post("/change", json=again, headers=OWN).status_code == 200
    assert session(review.out).store.mark(("ada", "sums", "why"))[0] == 2


def test_results_that_cannot_be_read_any_more_stay_on_the_page(review, entered):
    before = entered.get("/data", headers=OWN).get_json()
    (review.out / FOLDER / "works.json").write_text("{")
    os.utime(review.out / RECORD)
    assert entered.get("/data", headers=OWN).get_json()["works"] == before["works"]


def test_a_change_that_cannot_be_written_is_refused_and_can_be_sent_again(
    review, entered, monkeypatch
):
    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        answer = entered.post("/change", json=change(review), headers=OWN)
        assert answer.status_code == 409
        assert "cannot be written (No space left" in answer.get_json()["problem"]
        assert entered.get("/data", headers=OWN).get_json()["marks"] == []
    assert entered.post("/change", json=change(review), headers=OWN).status_code == 200
    assert session(review.out).store.mark(("ada", "sums", "why")) == (1, "")


def test_a_folder_that_cannot_be_read_is_named(review, entered):
    (review.out / JOURNAL).mkdir()
    answer = entered.get("/changes/0", headers=OWN)
    assert answer.status_code == 409
    assert "The results folder cannot be read" in answer.get_json()["problem"]
