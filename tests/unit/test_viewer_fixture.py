"""The front end's fixture of the viewer is what Python sends now."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

from tests import viewer_fixture


def test_the_front_ends_tests_read_what_is_sent_now() -> None:
    # gzip's bytes may differ from one zlib to another: what was packed is compared.
    def unpacked(value: Any) -> Any:
        if isinstance(value, dict) and "$base64" in value:
            return gzip.decompress(base64.b64decode(value["$base64"]))
        if isinstance(value, dict):
            return {key: unpacked(inner) for key, inner in value.items()}
        return value

    fixture = json.loads(viewer_fixture.FILE.read_text(encoding="utf-8"))
    assert unpacked(fixture) == unpacked(json.loads(json.dumps(viewer_fixture.content())))
