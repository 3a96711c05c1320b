"""Access control: the answer of middle_auth to each kind of token."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from tests.cave.world import DATASTACK

GOOD, NO_TERMS, NO_PERMISSION = "a" * 32, "b" * 32, "c" * 32  # any other is refused


def error(status: int, code: str, message: str, data: dict[str, Any] | None = None) -> Response:
    body = {"error": code, "message": message} | ({"data": data} if data else {})
    response = jsonify(body)
    response.status_code = status
    return response


def token() -> str | None:
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return header.removeprefix("Bearer ")
    return request.cookies.get("middle_auth_token")


def turned_away(*, sees_data: bool) -> BaseResponse | None:
    """Return the answer that denies access, or None if access is allowed."""
    user_token = token()
    if not user_token:
        if not request.headers.get("Authorization"):
            return redirect("/sticky_auth/api/v1/authorize?redirect=x")
        return error(401, "no_token", "Unauthorized - No Token Provided")
    if user_token not in (GOOD, NO_TERMS, NO_PERMISSION):
        return error(401, "invalid_token", "Unauthorized - Token is Invalid or Expired")
    if sees_data and user_token == NO_TERMS:
        form = request.host_url + "sticky_auth/api/v1/tos/2/accept"
        data = {"tos_id": 2, "tos_name": "MICrONS", "tos_form_url": form}
        return error(403, "missing_tos", "Need to accept Terms of Service.", data)
    if sees_data and user_token == NO_PERMISSION:
        data = {"required_permission": "view", "auth_dataset": DATASTACK}
        return error(403, "missing_permission", "Missing permission: view", data)
    return None


def protected(view: Callable[..., Any], *, sees_data: bool = True) -> Callable[..., Any]:
    """Restrict a view to users with access."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return turned_away(sees_data=sees_data) or view(*args, **kwargs)

    return guarded


def add_routes(app: Flask, datastack_name: str = DATASTACK) -> None:
    @app.get("/sticky_auth/api/v1/authorize")
    def login() -> str:
        return "<html>log in</html>"

    def who_am_i() -> Response:
        user_token = token()
        terms = {"dataset_id": 1, "dataset_name": DATASTACK, "tos_id": 2, "tos_name": "MICrONS"}
        return jsonify(
            {
                "id": 7,
                "name": "Demo",
                "email": "demo@example.org",
                "permissions_v2": {DATASTACK: ["view"]} if user_token == GOOD else {},
                "missing_tos": [terms] if user_token == NO_TERMS else [],
            }
        )

    app.add_url_rule("/auth/api/v1/user/cache", view_func=protected(who_am_i, sees_data=False))

    def datastack(name: str) -> Response:
        if name != datastack_name:
            return error(400, "invalid_table_id", "Invalid table_id for service")
        here = request.host_url.rstrip("/")
        return jsonify(
            {
                "aligned_volume": {"id": 1, "name": "minnie65_phase3"},
                "segmentation_source": f"graphene://{here}/segmentation/table/{datastack_name}",
                "local_server": here,
                "synapse_table": "synapses_pni_2",
                "soma_table": "nucleus_detection_v0",
                "analysis_database": None,
                "description": "a local copy",
                "viewer_site": "https://spelunker.cave-explorer.org/",
                "viewer_resolution_x": 4.0,
                "viewer_resolution_y": 4.0,
                "viewer_resolution_z": 40.0,
            }
        )

    app.add_url_rule("/info/api/v2/datastack/full/<name>", view_func=protected(datastack))
    app.add_url_rule("/info/version", "info_version", lambda: jsonify("4.4.0"))
