"""Skeletons come from the service, one or many, are cached, and do not need cloud-volume."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import numpy as np
import pytest

from microns_widgets.errors import CaveError, ServiceUnreachable, SkeletonNotFound
from microns_widgets.sources.cave import CaveSkeletons
from tests.cave.auth import GOOD

BULK = "get_cached_skeletons"


@pytest.fixture
def skeletons(client, tmp_path) -> CaveSkeletons:
    return CaveSkeletons(client, folder=tmp_path / "skeletons", wait=10)


def test_a_skeleton_is_the_one_the_service_holds(skeletons, server, sample):
    cell = next(iter(server.world.skeletons))
    fetched, own = skeletons[cell], sample.skeleton(cell)
    np.testing.assert_array_equal(fetched.vertices, own.vertices)
    np.testing.assert_array_equal(fetched.compartment, own.compartment)
    assert fetched.root_id == cell


def test_a_skeleton_is_asked_for_once(skeletons, server, client, tmp_path):
    cell = next(iter(server.world.skeletons))
    skeletons[cell]
    before = server.count(BULK)
    skeletons[cell]
    CaveSkeletons(client, folder=tmp_path / "skeletons")[cell]
    assert server.count(BULK) == before


def test_a_damaged_file_is_fetched_again(skeletons, server, tmp_path):
    cell = next(iter(server.world.skeletons))
    skeletons[cell]
    (file,) = (tmp_path / "skeletons").rglob(f"{cell}.json")
    for damaged in (file.read_text()[:100], "[]", "5", '{"vertices": []}'):
        file.write_text(damaged)
        assert skeletons[cell].root_id == cell


def test_what_is_not_a_skeleton_is_an_error_and_is_not_cached(tmp_path):
    class Service:
        def fetch_skeletons(self, ids: list[int], **_keywords: object) -> dict[str, object]:
            return {str(ids[0]): content}

    class Client:
        datastack_name = "any"
        _microns_guard = object()
        skeleton = Service()

    content: object
    good = {"vertices": [[0, 0, 0]], "edges": [], "radius": [1], "compartment": [1], "root": 0}
    wrong = ({"vertices": [[0, 0], [0]]}, {"root": "soma"}, {"root": None}, {"radius": []})
    for answer in ("text", {"edges": []}, *(good | one for one in wrong)):
        content = answer
        with pytest.raises(CaveError):
            CaveSkeletons(Client(), folder=tmp_path)[7]


def test_a_skeleton_that_cannot_be_cached_is_handed_over_with_a_warning(client, server, tmp_path):
    cell = next(iter(server.world.skeletons))
    (tmp_path / "file").touch()
    with pytest.warns(UserWarning, match=r"not cached\. .*file.* cannot be written"):
        fetched = CaveSkeletons(client, folder=tmp_path / "file" / "skeletons")[cell]
    assert fetched.root_id == cell


def test_numpys_root_ids_serve(skeletons, server):
    cell = np.int64(next(iter(server.world.skeletons)))
    assert skeletons[cell].root_id == cell


def test_a_skeleton_that_must_be_made_first_is_waited_for(skeletons, server):
    cell = next(iter(server.world.skeletons))
    server.skeletonizer.not_made.add(cell)
    server.skeletonizer.takes = 0.6
    assert skeletons[cell].root_id == cell
    assert server.count(BULK) > 1


def test_a_skeleton_that_is_never_made_is_not_waited_for_forever(client, server, tmp_path):
    with pytest.raises(SkeletonNotFound, match="did not create one within 1 s"):
        CaveSkeletons(client, folder=tmp_path, wait=1)[864691135999999999]


def test_many_are_fetched_in_one_request_and_the_missing_are_named(skeletons, server):
    ids = [*server.world.skeletons, 864691135999999999]
    assert skeletons.fetch_many(ids, progress=False) == [864691135999999999]
    assert server.count(BULK) == 1
    for cell in server.world.skeletons:
        skeletons[cell]
    assert server.count(BULK) == 1


def test_more_than_five_hundred_are_asked_for_in_parts(skeletons, server):
    ids = [*server.world.skeletons, *range(864691136000000000, 864691136000000600)]
    assert len(skeletons.fetch_many(ids, progress=False)) == 600
    assert server.count(BULK) == 2


def test_a_failing_service_is_reported(skeletons, server):
    server.fail(BULK, 500)
    with pytest.raises(ServiceUnreachable):
        skeletons[next(iter(server.world.skeletons))]


@pytest.mark.slow
def test_no_cloud_volume_is_needed(server, tmp_path):
    script = f"""
        import sys
        sys.modules["cloudvolume"] = None
        from microns_widgets.sources.cave import CaveSkeletons, connect
        client = connect({GOOD!r}, server_address={server.url!r})
        print(CaveSkeletons(client, folder={str(tmp_path)!r})[{next(iter(server.world.skeletons))}])
    """
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("<Skeleton of cell")


def test_a_bad_answer_is_an_error_at_once_and_never_cached(client, server, tmp_path, monkeypatch):
    cell = next(iter(server.world.skeletons))
    bad = {"vertices": [[0, 0, 0]], "edges": [[0, 9]], "radius": [1], "compartment": [1], "root": 0}
    monkeypatch.setattr(type(client.skeleton), "fetch_skeletons", lambda *_, **__: {str(cell): bad})
    with pytest.raises(CaveError, match=f"response for cell {cell} is not a skeleton"):
        CaveSkeletons(client, folder=tmp_path)[cell]
    assert list(tmp_path.rglob("*.json")) == []


def test_a_cached_file_of_another_cell_is_fetched_again(skeletons, server, tmp_path):
    one, other = list(server.world.skeletons)[:2]
    skeletons[one], skeletons[other]
    folder = next((tmp_path / "skeletons").rglob(f"{one}.json")).parent
    (folder / f"{one}.json").write_text((folder / f"{other}.json").read_text())
    assert skeletons[one].root_id == one
    expected = server.world.skeletons[one]["vertices"]
    np.testing.assert_array_equal(skeletons[one].vertices, expected)
