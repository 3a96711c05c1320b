"""What a notebook was made for: the edition of the exercise, the sample, the releases of the data.

Each edition gives out different cells, and different data give different numbers. A notebook must
therefore be judged with the key of the edition and the data that it was made for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from microns_widgets.releases import version_in
from microns_widgets.sources.sample.storage import NUMBER
from microns_widgets.tables.reading import SYNTHETIC

#: The release of the built-in sample.
SAMPLE = "sample"


def release_of(source: str) -> str:
    """Return the release that the `source` of a connectome names: ``"sample"``, ``"1300"``."""
    if source == SYNTHETIC:
        return SAMPLE
    version = version_in(source)
    return source if version is None else str(version)


def _in_words(release: str) -> str:
    return "the sample" if release == SAMPLE else f"version {release}"


@dataclass(frozen=True)
class Provenance:
    """What a notebook was made for; unknown values are 0 or empty.

    Attributes
    ----------
    edition : int
        Edition of the exercise.
    sample : int
        Number of the built-in sample, which is raised whenever its data change.
    releases : tuple of str
        Releases for which cells were given out.
    """

    edition: int = 0
    sample: int = 0
    releases: tuple[str, ...] = ()

    @classmethod
    def of_sources(cls, edition: int, sources: Iterable[str]) -> Provenance:
        """Return the provenance of a notebook that is made now, for data from these sources."""
        return cls(edition, NUMBER, tuple(sorted({release_of(source) for source in sources})))

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, Any]) -> Provenance:
        """Read a notebook's metadata, which are untrusted."""
        edition, sample = (
            number if type(number := metadata.get(name)) is int else 0
            for name in ("edition", "sample")
        )
        releases = metadata.get("releases")
        listed = releases if isinstance(releases, list) else []
        return cls(edition, sample, tuple(one[:200] for one in listed if isinstance(one, str)))

    def to_json(self) -> dict[str, Any]:
        """Return it in the form used in a notebook's metadata and in an exercise's public file."""
        return {"edition": self.edition, "sample": self.sample, "releases": list(self.releases)}

    def conflict(self, current: Provenance, release: str) -> str:
        """Return why a notebook cannot be judged; ``""`` if it can.

        Parameters
        ----------
        current : Provenance
            That of the exercise as it is now.
        release : str
            The release of the data.
        """
        if self.edition and current.edition and self.edition != current.edition:
            return (
                f"The notebook is edition {self.edition} of the exercise, and edition "
                f"{current.edition} is being graded. Editions give out different cells. Download "
                "the exercise again and copy your code into it; your numbers will change."
            )
        if release == SAMPLE and self.sample and self.sample != NUMBER:
            return (
                f"The notebook was made for sample {self.sample}, and sample {NUMBER} is being "
                "used. Their cells and numbers differ. Update the package, download the exercise "
                "again, and copy your code into it."
            )
        # The cells of other releases follow from the rule, which is the same in all notebooks.
        if self.releases and release in current.releases and release not in self.releases:
            return (
                f"The notebook was made for {', '.join(map(_in_words, self.releases))}, but it is "
                f"being graded on {_in_words(release)}. Download the exercise for this release, "
                "and copy your code into it."
            )
        return ""


#: The provenance of a notebook without metadata.
UNKNOWN = Provenance()
