"""The skeleton service, and what get_skeleton asks of its neighbours first."""

from __future__ import annotations

import gzip
import json
import time
from typing import Any

from flask import Flask, Response, jsonify, request

from tests.cave.auth import protected
from tests.cave.world import World

MOST_AT_ONCE = 500


class Skeletonizer:
    """Which skeletons are ready; one that is not is made a while after it was asked for."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.takes = 1.0
        self.not_made: set[int] = set()
        self._ready_at: dict[int, float] = {}

    def order(self, root_id: int) -> None:
        if root_id in self.not_made and root_id in self.world.skeletons:
            self._ready_at.setdefault(root_id, time.monotonic() + self.takes)

    def ready(self, root_id: int) -> bool:
        if root_id not in self.world.skeletons:
            return False
        if root_id not in self.not_made:
            return True
        return time.monotonic() >= self._ready_at.get(root_id, float("inf"))

    def packed(self, root_id: int) -> bytes:
        # Compressed twice over as the service does: a gzip body without Content-Encoding.
        return gzip.compress(json.dumps(self.world.skeletons[root_id]).encode())


def add_routes(app: Flask, skeletonizer: Skeletonizer) -> None:
    api = "/skeletoncache/api"

    def rule(path: str, view: Any, methods: tuple[str, ...] = ("GET",)) -> None:
        app.add_url_rule(path, view.__name__, protected(view), methods=list(methods))

    app.add_url_rule(f"{api}/version", "skeleton_version", lambda: jsonify("0.23.11"))
    app.add_url_rule(f"{api}/versions", "skeleton_versions", lambda: jsonify([-1, 0, 1, 2, 3, 4]))
    app.add_url_rule("/segmentation/api/versions", "graph_apis", lambda: jsonify([0, 1]))
    app.add_url_rule("/segmentation/api/version", "graph_version", lambda: jsonify("2.18.0"))

    def l2_tables() -> Response:
        return jsonify(
            {skeletonizer.world.datastack: {"l2cache_id": "demo", "cv_path": "gs://demo"}}
        )

    def valid_nodes(table: str) -> Response:
        ids = json.loads(request.get_data())["node_ids"]
        known = skeletonizer.world.skeletons
        return jsonify({"valid_roots": [number for number in ids if number in known]})

    def one(datastack: str, version: int, root_id: int, form: str) -> Any:
        if root_id not in skeletonizer.world.skeletons:
            return jsonify({"Error": f"Invalid root id: {root_id}"}), 400
        skeletonizer.order(root_id)
        while not skeletonizer.ready(root_id):
            time.sleep(0.05)
        return Response(skeletonizer.packed(root_id), mimetype="application/octet-stream")

    def exist(datastack: str) -> Response:
        ids = [int(number) for number in request.get_json()["root_ids"]]
        return jsonify({str(number): skeletonizer.ready(number) for number in ids})

    def cached(datastack: str, version: int, form: str) -> Any:
        body = request.get_json()
        ids = [int(number) for number in body["root_ids"]]
        if len(ids) > MOST_AT_ONCE:
            return jsonify({"Error": f"Too many root IDs requested: {len(ids)}."}), 400
        if body.get("generate_missing"):
            for number in ids:
                skeletonizer.order(number)
        ready = [number for number in ids if skeletonizer.ready(number)]
        return jsonify({str(number): skeletonizer.packed(number).hex() for number in ready})

    rule("/l2cache/api/v1/table_mapping", l2_tables)
    rule("/segmentation/api/v1/table/<table>/valid_nodes", valid_nodes)
    rule(f"{api}/v1/<datastack>/async/get_skeleton/<version>/<int:root_id>/<form>", one)
    rule(f"{api}/v1/<datastack>/precomputed/skeleton/exists", exist, ("POST",))
    rule(f"{api}/v1/<datastack>/bulk/get_cached_skeletons/<version>/<form>", cached, ("POST",))
