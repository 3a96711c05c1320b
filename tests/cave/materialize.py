"""The materialization service, version 3: versions, metadata, queries with a row cap."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from flask import Flask, Response, jsonify, request

from tests.cave.auth import protected
from tests.cave.world import ALIGNED_VOLUME, AXES, VOXEL_NM, World

_COMPARISONS = {
    "filter_equal_dict": "eq",
    "filter_greater_dict": "gt",
    "filter_less_dict": "lt",
    "filter_greater_equal_dict": "ge",
    "filter_less_equal_dict": "le",
}


def add_routes(app: Flask, world: World) -> None:
    api = "/materialize/api/v3/datastack/<datastack>"

    def rule(path: str, view: Any, methods: tuple[str, ...] = ("GET",)) -> None:
        app.add_url_rule(path, view.__name__, protected(view), methods=list(methods))

    app.add_url_rule("/materialize/api/versions", "apis", lambda: jsonify([2, 3]))
    app.add_url_rule("/materialize/version", "materialize_version", lambda: jsonify("5.26.4"))

    def described(version: int) -> dict[str, Any]:
        return {
            "id": version,
            "version": version,
            "time_stamp": world.versions[version],
            "expires_on": "2120-12-31T10:10:01.286229",
            "valid": True,
            "status": "AVAILABLE",
            "datastack": world.datastack,
            "is_merged": True,
            "parent_version": None,
        }

    def absent(version: int) -> tuple[Response, int] | None:
        if version in world.withdrawn:
            return jsonify({"message": f"version {version} has been withdrawn"}), 410
        if version not in world.versions:
            return jsonify({"message": f"Analysis version {version} not found"}), 404
        return None

    def versions(datastack: str) -> Response:
        return jsonify(sorted(world.versions))

    def versions_metadata(datastack: str) -> Response:
        return jsonify([described(version) for version in sorted(world.versions)])

    def version_metadata(datastack: str, version: int) -> Any:
        return absent(version) or jsonify(described(version))

    def tables(datastack: str, version: int) -> Any:
        return absent(version) or jsonify(world.names_of(version))

    def table_metadata(datastack: str, version: int, table: str) -> Any:
        if table not in world.tables_of(version):
            return jsonify(f"No table named '{table}' found"), 404
        sizes = zip(AXES, VOXEL_NM, strict=True)
        voxel = {f"voxel_resolution_{axis}": size for axis, size in sizes}
        return absent(version) or jsonify(
            {
                "id": 1,
                "table_name": table,
                "schema": "synapse",
                "schema_type": "synapse",
                "aligned_volume": ALIGNED_VOLUME,
                "valid": True,
                "created": "2020-11-04T13:02:08",
                "description": "",
                "notice_text": None,
                "reference_table": None,
                "user_id": "7",
                "last_modified": "2024-01-01T00:00:00",
                **voxel,
            }
        )

    def query(datastack: str, version: int, table: str) -> Any:
        if table not in world.names_of(version):
            return jsonify({"message": f"Analysis table '{table}' not found"}), 404
        return absent(version) or _answer(world, version, table)

    def views(datastack: str, version: int) -> Any:
        names = world.names_of(version, views=True)
        return absent(version) or jsonify({name: {"description": "A view."} for name in names})

    def view_query(datastack: str, version: int, view: str) -> Any:
        if view not in world.names_of(version, views=True):
            return jsonify({"message": f"View '{view}' not found"}), 404
        return absent(version) or _answer(world, version, view)

    rule(f"{api}/versions", versions)
    rule(f"{api}/metadata", versions_metadata)
    rule(f"{api}/version/<int:version>", version_metadata)
    rule("/materialize/api/v2/datastack/<datastack>/version/<int:version>/tables", tables)
    rule(f"{api}/version/<int:version>/table/<table>/metadata", table_metadata)
    rule(f"{api}/version/<int:version>/table/<table>/query", query, ("POST",))
    rule(f"{api}/version/<int:version>/views", views)
    rule(f"{api}/version/<int:version>/views/<view>/query", view_query, ("POST",))


def _answer(world: World, version: int, table: str) -> Response:
    body = json.loads(request.get_data() or b"{}")
    frame = world.tables_of(version)[table]
    frame = frame[_chosen(frame, table, body)]
    resolution = body.get("desired_resolution") or VOXEL_NM
    if request.args.get("count") == "True":
        return _arrow_response(pd.DataFrame({"count": [len(frame)]}), resolution)
    first = body.get("offset") or 0
    limit = min(body.get("limit") or world.row_cap, world.row_cap)
    cut = len(frame) - first > limit or len(frame) - first == limit == world.row_cap
    frame = frame.iloc[first : first + limit].reset_index(drop=True)
    if columns := body.get("select_columns"):
        frame = frame[[name for name in frame if name in columns or name[:-2] in columns]]
    frame = frame.copy()
    for axis, voxel, wanted in zip(AXES, VOXEL_NM, resolution, strict=True):
        for name in frame.columns[frame.columns.str.endswith(f"_position_{axis}")]:
            frame[name] = frame[name] * (voxel / wanted)
    response = _arrow_response(frame, resolution)
    names = {table: {name: name for name in frame}}
    response.headers["column_names"] = json.dumps(names)
    if cut:
        response.headers["Warning"] = f'201 - "Limited query to {limit} rows'
    return response


def _arrow_response(frame: pd.DataFrame, resolution: Sequence[float]) -> Response:
    response = Response(_arrow_stream(frame))
    # caveclient looks for exactly this text.
    response.headers["Content-Type"] = "data.arrow"
    response.headers["dataframe_resolution"] = ", ".join(str(float(size)) for size in resolution)
    return response


def _chosen(frame: pd.DataFrame, table: str, body: dict[str, Any]) -> np.ndarray:
    chosen = np.ones(len(frame), dtype=bool)
    for column, values in (body.get("filter_in_dict") or {}).get(table, {}).items():
        chosen &= frame[column].isin(values).to_numpy()
    for name, comparison in _COMPARISONS.items():
        for column, value in (body.get(name) or {}).get(table, {}).items():
            chosen &= getattr(frame[column], comparison)(value).to_numpy()
    for column, pattern in (body.get("filter_regex_dict") or {}).get(table, {}).items():
        chosen &= frame[column].str.contains(pattern, regex=True).to_numpy()
    for column, (low, high) in (body.get("filter_spatial_dict") or {}).get(table, {}).items():
        for i, axis in enumerate(AXES):
            chosen &= frame[f"{column}_{axis}"].between(low[i], high[i]).to_numpy()
    # filter_notin_dict is probably ignored by the real service, so it is ignored here.
    return chosen


def _arrow_stream(frame: pd.DataFrame) -> bytes:
    batch = pa.RecordBatch.from_pandas(frame)
    sink = pa.BufferOutputStream()
    compression = "zstd" if "zstd" in request.headers.get("Accept-Encoding", "") else None
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with pa.ipc.new_stream(sink, batch.schema, options=options) as writer:
        writer.write_batch(batch)
    return sink.getvalue().to_pybytes()
