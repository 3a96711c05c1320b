"""The description of another datastack is checked key by key."""

from __future__ import annotations

import pytest

import microns_widgets as mw
from microns_widgets import palette
from microns_widgets.errors import InvalidArgument
from microns_widgets.tables.datastack import (
    Datastack,
    parse_datastack,
    read_datastack,
    shipped_datastacks,
)
from tests.cave.other_datastack import DESCRIPTION


@pytest.mark.parametrize("name", shipped_datastacks())
def test_the_shipped_descriptions_are_valid_and_name_their_sources(name, monkeypatch):
    monkeypatch.setattr(palette, "_added", {})
    stack = read_datastack(name)
    assert isinstance(stack, Datastack)
    assert stack.name == name
    stack.add_types()
    assert len(palette.added_types()) == len(stack.type)


def test_a_fly_has_neither_depth_nor_sizes_and_v1dd_has_sizes():
    fly, cortex = read_datastack("flywire_fafb_public"), read_datastack("v1dd_public")
    assert fly.source(783) == (
        "CAVE flywire_fafb_public, version 783; no cortical depth; no synapse sizes"
    )
    assert cortex.source(None) == "CAVE v1dd_public; no cortical depth"
    assert fly.types is not None
    assert fly.types.where == {"classification_system": "cell_type"}


def test_a_datastack_in_the_space_of_microns_keeps_its_depth():
    stack = parse_datastack('depth = "minnie65"\n' + DESCRIPTION, "x")
    assert "depth" not in stack.source(1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "name, cells, synapses are missing"),
        ("name = ", "x.toml is not valid TOML"),
        ("nam = 'a'\n" + DESCRIPTION, "no key 'nam'. Did you mean 'name'"),
        ("depth = 'v1dd'\n" + DESCRIPTION, "depth = 'v1dd'. Expected 'minnie65'"),
        ("all_proofread = 1\n" + DESCRIPTION, "all_proofread is 1. Expected true or false"),
        ("synapses_of = 'LC4'\n" + DESCRIPTION, "synapses_of is 'LC4'. Expected a list"),
        ("volume_nm = [[0, 0, 0]]\n" + DESCRIPTION, "Expected the lowest and the highest corner"),
        (DESCRIPTION.replace("[cells]", "[cells]\nvoxel_nm = [4, 4]"), "cells.voxel_nm is"),
        (DESCRIPTION.replace("[cells]", "[cells]\nvoxel_nm = [4, 4, 0]"), "such as .4, 4, 40."),
        (DESCRIPTION.replace("[cells]", "[cells]\nvoxel_nm = [4, nan, 4]"), "cells.voxel_nm is"),
        (DESCRIPTION.replace("[cells]", "[cells]\nvoxel_nm = [4, inf, 4]"), "cells.voxel_nm is"),
        ("volume_nm = [[0, 9, 0], [9, 0, 9]]\n" + DESCRIPTION, "the lowest and the highest corner"),
        (DESCRIPTION.replace('"octopus_public"', '"../octopus"'), "the name of a datastack"),
        (DESCRIPTION.replace('"octopus_public"', '""'), "name is empty"),
        (DESCRIPTION.replace('"somas"', '""'), "cells.table is empty"),
        (DESCRIPTION.replace('column = "finished"', 'column = ""'), "proofreading.column is empty"),
        (DESCRIPTION.replace('table = "somas"\n', ""), "cells.table is missing"),
        (DESCRIPTION.replace('"cell_type"}', "1}"), "types.where is .*Expected pairs of text"),
        (DESCRIPTION.replace('label = "motor"', 'name = "motor"'), "Expected sections"),
        (DESCRIPTION.replace("version = 12", "version = '12'"), "Expected a whole number"),
        (DESCRIPTION.replace("[types]", "[types]\nview = 1"), "types.view is 1"),
        (
            "types = 1\n" + DESCRIPTION.replace("[types]", "[regions]"),
            r"Expected a section \[types",
        ),
        (DESCRIPTION.replace('table = "somas"', "table = 1"), "cells.table is 1. Expected text"),
    ],
)
def test_what_is_wrong_in_a_description_is_named(text, message):
    with pytest.raises(InvalidArgument, match=message):
        parse_datastack(text, "x.toml")


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(InvalidArgument, match=r"no\.toml.*cannot be read.*v1dd_public"):
        read_datastack(tmp_path / "no.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidArgument, match="not text in UTF-8"):
        read_datastack(tmp_path / "bytes.toml")


def test_a_folder_with_a_wrong_description_is_not_opened_as_microns(sample, tmp_path):
    sample.cells.to_feather(tmp_path / "cell_info_1.feather")
    sample.synapses.head(50).to_feather(tmp_path / "synapses_1.feather")
    (tmp_path / "datastack.toml").write_text("name = 3")
    with pytest.raises(InvalidArgument, match=r"datastack.toml"):
        mw.load(tmp_path)


def test_a_description_that_a_windows_editor_saved_is_read(tmp_path):
    file = tmp_path / "datastack.toml"
    file.write_text(DESCRIPTION, encoding="utf-8-sig")
    assert read_datastack(file).name == "octopus_public"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"label": "", "color": "#111111"}, "label=''"),
        ({"label": "q", "group": "Q"}, "group='Q'. Expected one of 'E', 'I'"),
    ],
)
def test_a_type_without_a_name_or_of_no_known_group_is_refused(monkeypatch, entry, message):
    monkeypatch.setattr(palette, "_added", {})
    with pytest.raises(InvalidArgument, match=message):
        palette.add_types([entry])
    assert palette.added_types() == []
