"""Data are cited with their release and their tables; the sample is not cited as data."""

from __future__ import annotations

import re

import pandas as pd
import pytest
import yaml

import microns_widgets as mw
from microns_widgets.synapses.not_loaded import NoSynapseIndex
from tools.lint_notebooks.conventions import ROOT


def cited(cells, synapses, source):
    return mw.Connectome(cells, synapses, source=source).cite()


def test_the_sample_says_that_it_is_not_data(sample):
    citation = sample.cite()
    assert citation.text.startswith("Do not cite the built-in sample as data")
    assert "doi" not in str(citation)
    assert re.findall(r"@(\w+)\{", citation.bibtex) == ["software"]


def test_a_release_is_cited_with_the_tables_whose_columns_are_filled(cells, synapses):
    citation = cited(cells, synapses, "MICrONS minnie65_public, version 1300")
    reference = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))["references"][0]
    for part in (citation.text, citation.bibtex):
        assert reference["doi"] in part
        assert reference["title"] in part
        assert "materialization version 1300" in part
    assert "of 2025-01-13" in citation.text
    names = "proofreading_status_and_strategy, nucleus_functional_area_assignment"
    assert f"{names}." in citation.text
    assert "nucleus_detection_v0" not in citation.text
    with_nuclei = cells.assign(nucleus_id=range(len(cells)), region="")
    text = cited(with_nuclei, synapses, "MICrONS minnie65_public, version 1300").text
    assert "proofreading_status_and_strategy, nucleus_detection_v0." in text


def test_only_tables_that_are_loaded_are_cited(cells, synapses):
    source = "MICrONS minnie65_public, version {}"
    only_cells = mw.Connectome(cells, NoSynapseIndex("not loaded"), source=source.format(1412))
    assert "synapses_pni_2" not in str(only_cells.cite())
    targets = pd.DataFrame({"id": synapses["id"], "target_structure": "spine"})
    tuning = pd.DataFrame({"nucleus_id": []})
    for version, table in ((1822, "ssa_v2"), (1507, "ssa")):
        con = mw.Connectome(
            cells, synapses, source=source.format(version), targets=targets, tuning=tuning
        )
        further = f"synapse_target_predictions_{table}, coregistration_manual_v4, digital_twin"
        assert f"Tables: synapses_pni_2, {further}" in con.cite().text


def test_the_entries_are_valid_bibtex_with_unique_keys(cells, synapses):
    bibtex = cited(cells, synapses, "MICrONS minnie65_public, version 1300").bibtex
    entries = bibtex.split("\n\n")
    keys = [re.match(r"@(?:article|misc|software)\{(\w+),\n", entry)[1] for entry in entries]
    assert len(set(keys)) == len(keys) == 6
    for entry in entries:
        assert entry.count("{") == entry.count("}")
        for line in entry.splitlines()[1:-1]:
            assert re.fullmatch(r"  \w+ = \{.+\},", line)
    assert r"synapses\_pni\_2" in bibtex


def test_the_first_proofreading_table_is_recognized_by_its_values(cells, synapses):
    of_943 = {"axon_fully_extended": "extended", "axon_interareal": "clean"}
    cells = cells.assign(proofreading_strategy=cells["proofreading_strategy"].replace(of_943))
    text = cited(cells, synapses, "cell_info_943").text
    assert text.startswith("If cell_info_943 is a table of MICrONS")
    assert "proofreading_status_public_release" in text
    assert "version 943 of 2024-01-22" in text


@pytest.mark.parametrize("source", ["", "my tables"])
def test_the_citation_of_other_tables_names_their_source(cells, synapses, source):
    text = cited(cells, synapses, source).text
    assert text.startswith(f"Cite the source of these data{f' ({source})' * bool(source)}.")


def test_another_dataset_is_not_cited_as_microns(cells, synapses):
    citation = cited(cells, synapses, "MICrONS v1dd_public, version 1300")
    assert "MICrONS Consortium" not in str(citation)
    assert "2025-01-13" not in str(citation)
    assert str(citation) == f"{citation.text}\n\n{citation.bibtex}"
