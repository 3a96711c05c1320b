"""SWC files as programs write them: read where they mean one thing, else refused by line."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from microns_widgets.anatomy.skeleton import Skeleton
from microns_widgets.errors import InvalidArgument, SkeletonError

ROWS = [
    (1, 1, 0, 0, 0, 5, -1),
    (2, 3, 0, 10, 0, 1, 1),
    (3, 3, 0, 20, 0, 1, 2),
    (4, 2, 5, 0, 0, 0.5, 1),
    (5, 2, 50, 0, 0, 0.5, 4),
]
DISTANCES = [0, 10, 20, 5, 50]


def text(rows=ROWS, separator=" ", end="\n", head="") -> str:
    return head + end.join(separator.join(map(str, row)) for row in rows) + end


def changed(column: int, value: object) -> list[tuple]:
    return [(*row[:column], value, *row[column + 1 :]) for row in ROWS]


def first_parent(value: object) -> str:
    return text([(*ROWS[0][:6], value), *ROWS[1:]])


def read(tmp_path, content: str | bytes, **how) -> Skeleton:
    path = tmp_path / "cell.swc"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return Skeleton.from_swc(path, **how)


BIG = 160_032_475_051_983_416
DIALECTS = {
    "plain": text(),
    "windows": text(end="\r\n"),
    "old mac": text(end="\r"),
    "no newline at the end": text().rstrip(),
    "tabs": text(separator="\t"),
    "commas": text(separator=","),
    "comma and space": text(separator=", "),
    "semicolons": text(separator=";"),
    "quoted": text([[f'"{value}"' for value in row] for row in ROWS], separator=","),
    "decimal commas": text(
        [
            [str(float(v)).replace(".", ",") if 1 < i < 6 else v for i, v in enumerate(row)]
            for row in ROWS
        ]
    ),
    "scientific": text(
        [[f"{value:.3e}" if 1 < i < 6 else value for i, value in enumerate(row)] for row in ROWS]
    ),
    "floats": text([[f"{value:.6f}" for value in row] for row in ROWS]),
    "byte order mark": "\ufeff" + text(head="# made by a tool\n"),
    "byte order mark before a row": "\ufeff" + text(),
    "utf-16": text(head="# a\n").encode("utf-16"),
    "utf-16 without a mark": text().encode("utf-16-le"),
    "utf-16, big end first": text().encode("utf-16-be"),
    "latin-1 comment": text(head="# Größe\n").encode("latin-1"),
    "gzip": gzip.compress(text().encode(), mtime=0),
    "a bare header": text(head="id type x y z radius parent\n"),
    "a bare header with commas": text(separator=",", head="n,T,x,y,z,R,P\n"),
    "slashes": text(head="// made by x\n"),
    "percent": text(head="% made by x\n"),
    "semicolon comment": text(head="; made by x\n"),
    "comments behind rows": text([(*row, "# soma") for row in ROWS]),
    "further columns": text([(*row, 17, "axon") for row in ROWS]),
    "trailing zeros": text() + "\0\0",
    "trailing control-z": text() + "\x1a",
    "counted from zero": text([(i - 1, *row, p - 1 if p > 0 else -1) for i, *row, p in ROWS]),
    "large ids": text([(i + BIG, *row, p + BIG if p > 0 else -1) for i, *row, p in ROWS]),
    "out of order": text(ROWS[:1] + ROWS[:0:-1]),
    "parent 0": first_parent(0),
    "parent -2": first_parent(-2),
    "parent itself": first_parent(1),
    "parent None": first_parent("None"),
    "parent nan": first_parent("nan"),
    "parent NA": first_parent("NA"),
    "parent of 32 bits": first_parent(2**32 - 1),
    "parent of 64 bits": first_parent(2**64 - 1),
}


@pytest.mark.parametrize("content", DIALECTS.values(), ids=DIALECTS.keys())
def test_a_dialect_is_the_same_tree(tmp_path, content):
    skeleton = read(tmp_path, content)
    assert sorted(skeleton.path_distance.round(6)) == sorted(DISTANCES)
    assert skeleton.cable_length("axon") == pytest.approx(50)
    assert skeleton.compartment[skeleton.root] == 1
    assert skeleton.radius.max() == 5000


@pytest.mark.parametrize("unknown", ["-1", "nan", "NA", "None", "inf"])
def test_unknown_radii_are_zero_with_a_warning(tmp_path, unknown):
    with pytest.warns(UserWarning, match="cell.swc: 5 of 5 radii are unknown"):
        skeleton = read(tmp_path, text(changed(5, unknown)))
    assert skeleton.radius.tolist() == [0] * 5


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no rows"),
        ("# nothing\n", "no rows"),
        ("<!DOCTYPE html><html></html>", "a web page"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:a\n", "git lfs pull"),
        (gzip.compress(text().encode(), mtime=0)[:30], "gzip file is damaged"),
        (text([row[:5] + row[6:] for row in ROWS]), r"line 1: '1 1 0 0 0 -1' has 6 values"),
        (text(changed(1, 1.5)), r"line 1: .* the type 1.5, expected a whole number"),
        (text([(i + 0.5, *row) for i, *row in ROWS]), "the id 1.5, expected a whole number"),
        (text(changed(3, "here")), "line 1: .* the y 'here', expected a number"),
        (text(changed(3, "nan")), "line 1: .* the y 'nan', expected a number"),
        ("# id x y z 1 1 0 0 0 5 -1\n2 3 0 1 0 1 1\n", "part of a comment line"),
        (text(ROWS[:1] * 2), "id 1 occurs more than once"),
        ("1 1 0 0 0 1 3\n2 3 0 1 0 1 1\n3 3 0 2 0 1 2\n", "there is a cycle"),
        ("9 1 0 0 0 1 -1\n1 3 0 0 0 1 3\n2 3 0 1 0 1 1\n3 3 0 2 0 1 2\n", "there is a cycle"),
    ],
)
def test_what_is_not_a_tree_is_refused_with_file_and_cause(tmp_path, content, message):
    with pytest.raises(SkeletonError, match=rf"cell\.swc.*{message}"):
        read(tmp_path, content)


def scaled(factor: float) -> str:
    return text(
        [(i, t, x * factor, y * factor, z * factor, r * factor, p) for i, t, x, y, z, r, p in ROWS]
    )


HEADERS = {
    "# units: 1 nanometer\n": 1e3,
    '# Meta: {"id": "1", "units": "1 nanometer"}\n': 1e3,
    "# unit = nm\n": 1e3,
    "# Units: micrometers\n": 1,
    "# units: um\n": 1,
    "# unit: µm\n": 1,
    "# units: 8 nm\n": 125,
    "# SCALE 1.0 1.0 1.0\n": 1,
    "# SCALE 0.001 0.001 0.001\n": 1e3,
}


@pytest.mark.parametrize(("head", "factor"), HEADERS.items())
def test_a_unit_that_the_header_declares_is_obeyed(tmp_path, head, factor):
    skeleton = read(tmp_path, head + scaled(factor))
    assert skeleton.cable_length() == pytest.approx(70)
    assert skeleton.radius[0] == pytest.approx(5000)


@pytest.mark.parametrize("name", ["nm", "nanometers"])
def test_a_unit_can_be_given(tmp_path, name):
    assert read(tmp_path, scaled(1e3), unit=name).cable_length() == pytest.approx(70)
    said_otherwise = "# units: um\n" + scaled(1e3)
    assert read(tmp_path, said_otherwise, unit=name).cable_length() == pytest.approx(70)


@pytest.mark.parametrize(
    ("factor", "message"),
    [
        (1e3, r'The numbers look like nm: read them with unit="nm"'),
        (250, r'look like voxels of 4 or 8 nm: multiply .*, and read them with unit="nm"'),
        (60, r"look like voxels of 8 nm: "),
    ],
)
def test_what_no_neuron_is_is_refused_with_the_unit_that_fits(tmp_path, factor, message):
    with pytest.raises(SkeletonError, match=rf"cell\.swc: no neuron .*{message}"):
        read(tmp_path, scaled(factor))


def test_voxels_and_two_units_are_refused(tmp_path):
    with pytest.raises(SkeletonError, match="positions are in voxels"):
        read(tmp_path, "# units: voxels\n" + text())
    with pytest.raises(SkeletonError, match="declares two units"):
        read(tmp_path, "# units: nm\n# SCALE 1 1 1\n" + text())
    with pytest.raises(InvalidArgument, match="unit='miles'"):
        read(tmp_path, text(), unit="miles")


def test_a_dictionary_in_um_is_refused_and_read_with_its_unit():
    d = {
        "vertices": [[700, 600, 850], [700, 620, 850]],
        "edges": [[1, 0]],
        "radius": [5, 0.2],
        "compartment": [1, 3],
        "root": 0,
    }
    with pytest.raises(SkeletonError, match=r'spans 20 nm\. .* read them with unit="um"'):
        Skeleton.from_cave(d)
    assert Skeleton.from_cave(d, unit="um").cable_length() == pytest.approx(20)


def test_a_skeleton_of_another_cell_is_refused(sample):
    cell = int(sample.examples()["BC"])
    d = sample.skeleton(cell).to_cave()
    with pytest.raises(SkeletonError, match=f"of cell {cell}, not of cell 7"):
        Skeleton.from_cave(d, root_id=7)


def test_the_soma_is_the_vertex_of_type_1_wherever_it_stands(tmp_path):
    skeleton = read(tmp_path, "1 2 0 0 0 1 -1\n2 2 0 1 0 1 1\n3 1 0 2 0 5 2\n4 3 0 3 0 1 3\n")
    assert skeleton.root == skeleton.soma == 2
    assert skeleton.path_distance.tolist() == [2, 1, 0, 1]
    apart = read(tmp_path, "1 3 0 0 0 1 -1\n2 3 0 10 0 1 1\n7 1 0 -5 0 5 -1\n")
    assert apart.root == 2
    assert np.isinf(apart.path_distance[:2]).all()


def test_the_soma_of_the_services_dictionary_is_its_compartment_1():
    d = {
        "vertices": [[0, 0, 0], [0, 9000, 0], [0, 20000, 0]],
        "edges": [[1, 0], [2, 1]],
        "radius": [100, 5000, 200],
        "compartment": [2, 1, 3],
        "root": 0,
    }
    assert Skeleton.from_cave(d).path_distance.tolist() == [9, 0, 11]


def test_a_tree_without_a_soma_says_so(tmp_path):
    skeleton = read(tmp_path, text(changed(1, 0)))
    assert skeleton.soma is None
    assert "no soma" in repr(skeleton)
    assert "no soma" in skeleton._repr_html_()
    assert "<circle" not in skeleton._repr_html_()


def test_a_file_of_a_hundred_thousand_rows_is_read_exactly(tmp_path):
    rng = np.random.default_rng(7)
    n = 100_000
    place = rng.integers(0, 1_000_000, (n, 3)) / 1000
    parents = np.r_[-1, [rng.integers(1, i + 1) for i in range(1, n)]]
    rows = [(i + 1, 2 if i else 1, *place[i], 0.5, parents[i]) for i in range(n)]
    skeleton = read(tmp_path, text(rows))
    np.testing.assert_allclose(skeleton.vertices / 1000, place)


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("cell.swc", "# root_id: 864691135000000002"),
        ("864691135000000001.swc", "# root_id: 864691135000000002"),
        ("cell.swc", "# Neuron 864691135000000002 of minnie65_public, version 661"),
        ("864691135000000002_294657.swc", "# nucleus 294657"),
    ],
)
def test_a_file_of_another_cell_is_refused(tmp_path, name, header):
    (tmp_path / name).write_text(f"{header}\n1 1 0 0 0 5 -1\n2 3 50 0 0 1 1\n")
    with pytest.raises(
        SkeletonError, match=f"{name}.*864691135000000002, not of cell 86469113500"
    ) as e:
        Skeleton.from_swc(tmp_path / name, root_id=864691135000000001)
    assert "root_id=864691135000000002" in str(e.value)
    assert Skeleton.from_swc(tmp_path / name, root_id=864691135000000002).n_vertices == 2
    assert Skeleton.from_swc(tmp_path / name).root_id == 0


def test_a_file_that_names_several_ids_may_belong_to_any_of_them(tmp_path):
    (tmp_path / "cell.swc").write_text(
        "# 864691135000000001 (version 1300), before 864691135000000002\n"
        "1 1 0 0 0 5 -1\n2 3 50 0 0 1 1\n"
    )
    assert Skeleton.from_swc(tmp_path / "cell.swc", root_id="864691135000000001").n_vertices == 2
