"""The base class of all widgets: built front end, requests and answers, still picture."""

from __future__ import annotations

import base64
import inspect
import io
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import traitlets

from microns_widgets import palette
from microns_widgets._arguments import checks_arguments
from microns_widgets.errors import FrontendNotBuilt, UnknownAttribute, one_line, suggestion
from microns_widgets.widgets._display import DisplayedInParts
from microns_widgets.widgets._requests import respond

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STATIC = Path(__file__).parent / "static"
#: Largest still picture in bytes. Base64 adds a third; the notebook should grow by less than 1 MB.
LARGEST_STILL = 700_000


class MicronsWidget(DisplayedInParts, anywidget.AnyWidget):
    """A widget with its own front end and a still picture for places where it cannot run.

    A subclass names its folder in ``frontend/src/`` as `_module` and itself as `_title`, has synced
    traits for the state that Python and the browser share, answers requests in methods marked
    with `answers`, and returns a figure from `_still`. Every synced trait is saved in the notebook,
    so none may hold a secret or a large table. Public attributes must be declared in the class.

    Raises
    ------
    FrontendNotBuilt
        If the built front end is missing.
    """

    _module: ClassVar[str]
    #: Its name on the site and on an exported page, also for screen readers.
    _title: ClassVar[str]
    _static: ClassVar[Path] = STATIC
    #: Cell types of other datasets, which the browser's palette does not know.
    added_types: traitlets.List[Any] = traitlets.List(read_only=True).tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        # anywidget turns these two into synced traits. They are read here and not in the class
        # body, so that a package whose front end is not built can still be imported.
        self._esm, self._css = built_files(self._static, self._module)
        super().__init__(**traits)
        self.set_trait("added_types", palette.added_types())
        self.on_msg(self._receive)

    def __setattr__(self, name: str, value: Any) -> None:
        """Set an attribute; raise `UnknownAttribute` for a public name that the widget lacks.

        Python would create the attribute, and nothing would be shown differently.
        """
        # Names with an underscore are those of traitlets, ipywidgets and anywidget.
        if not name.startswith("_") and not hasattr(type(self), name):
            raise UnknownAttribute(self._no_attribute(name))
        super().__setattr__(name, value)

    def _no_attribute(self, name: str) -> str:
        inherited = dir(anywidget.AnyWidget)
        own = [known for known in dir(type(self)) if known[0] != "_" and known not in inherited]
        settable = [known for known in own if self._can_be_set(known)]
        # Other settable traits are for the front end, or follow from these.
        arguments = inspect.signature(type(self)).parameters
        settings = [argument for argument in arguments if argument in settable]
        of_parts = [
            f" Set it on its {part}: .{part}.{name} = ..."
            for part in own
            if self.has_trait(part)
            and isinstance(widget := getattr(self, part), MicronsWidget)
            and widget.has_trait(name)
        ]
        cure = of_parts[0] if of_parts else suggestion(name, settable)
        expected = f" Its settings are {', '.join(settings)}." if settings else ""
        return f"{type(self).__name__} has no attribute {name!r}.{cure}{expected}"

    def _can_be_set(self, name: str) -> bool:
        own = inspect.getattr_static(type(self), name)
        if isinstance(own, traitlets.TraitType):
            return not own.read_only
        return isinstance(own, property) and own.fset is not None

    def _receive(self, _widget: object, content: object, buffers: list[Any]) -> None:
        if isinstance(content, dict) and content.get("kind") == "ask":
            respond(self, content, buffers, self.send)

    def _still(self) -> Figure | None:
        """Return the current view as a figure, shown where the widget cannot run."""
        return None

    def _page_state(self, cells: Sequence[int]) -> dict[str, Any]:
        """Return what a page without a kernel needs: the synced traits, including all data.

        Parameters
        ----------
        cells : sequence of int
            Root ids of cells that the page must be able to show in addition to the current ones.

        Returns
        -------
        dict
            State in the browser's format; binary data are bytes.
        """
        inherited = anywidget.AnyWidget.class_traits(sync=True)
        own = [name for name in self.traits(sync=True) if name not in inherited]
        return dict(self.get_state([name for name in own if not name.startswith("_")]))

    def _view_bundle(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Return the MIME bundle of the view, without a picture."""
        return super()._repr_mimebundle_(**kwargs)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = self._view_bundle(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        picture, problem = self._saved_still()
        if problem:
            data["text/plain"] = f"{data.get('text/plain', repr(self))}\n{problem}"
        if picture is not None:
            data["image/png"] = base64.b64encode(picture).decode("ascii")
        return data, metadata

    def _saved_still(self) -> tuple[bytes | None, str]:
        """Return the picture that is saved with a notebook, and what could not be drawn of it."""
        picture, problem = self._still_png()
        if picture is not None and len(picture) > LARGEST_STILL:
            warnings.warn(
                f"The still picture of this {type(self).__name__} has {len(picture):,} "
                f"bytes, more than the limit of {LARGEST_STILL:,}, so it is not saved with "
                "the notebook.",
                stacklevel=2,
            )
            return None, problem
        return picture, problem

    def _drawn_still(self, dpi: float) -> bytes | None:
        """Draw the still picture."""
        figure = self._still()
        return None if figure is None else png(figure, dpi)

    def _still_png(self, dpi: float = 100) -> tuple[bytes | None, str]:
        """Return the still picture, None if there is none, and why it could not be drawn."""
        try:
            return self._drawn_still(dpi), ""
        except Exception as error:  # noqa: BLE001  # the widget itself works without its picture
            # Half a surrogate pair could not be sent to the page.
            reason = one_line(str(error), 200).encode("utf-8", "replace").decode()
            return None, (
                f"The still picture of this {type(self).__name__} could not be drawn: "
                f"{type(error).__name__}: {reason}"
            )

    @checks_arguments
    @contextmanager
    def hold_trait_notifications(self) -> Iterator[None]:
        """Delay notifications; if a value is refused, none of the values is changed."""
        # traitlets restores the old values only after a `TraitError`, and validates the new ones
        # only at the end, when other errors can no longer be converted into one.
        outermost = not self._cross_validation_lock
        before = dict(self._trait_values)
        refused: BaseException | None = None
        try:
            with super().hold_trait_notifications():
                try:
                    yield
                    if outermost:
                        self._check_changes(before)
                except traitlets.TraitError:
                    raise
                except Exception as error:
                    raise _Refused from error
        except _Refused as stand_in:
            refused = stand_in.__cause__
        if refused is not None:
            raise refused

    def _check_changes(self, before: Mapping[str, Any]) -> None:
        """Run the validators of all values that differ from those before."""
        for name, value in [*self._trait_values.items()]:
            if name not in before or before[name] is not value:
                self.traits()[name]._cross_validate(self, value)


class _Refused(traitlets.TraitError):
    """Wraps its cause, so that traitlets restores the old values."""


def saves_data(save_data: bool | None) -> bool:
    """Return whether a widget writes its data into the saved notebook.

    The widget's own argument decides. If it is None, the environment variable
    ``MICRONS_SAVE_DATA=1`` turns saving on, as the build of the course's site does.
    """
    return os.environ.get("MICRONS_SAVE_DATA") == "1" if save_data is None else save_data


def png(figure: Figure, dpi: float = 100) -> bytes:
    """Return a figure as PNG."""
    file = io.BytesIO()
    with warnings.catch_warnings():
        # About characters that the font lacks, or a legend that leaves little room. Users of the
        # widget did not ask for this picture and cannot change it.
        warnings.simplefilter("ignore", UserWarning)
        figure.savefig(file, format="png", dpi=dpi, bbox_inches="tight")
    return file.getvalue()


def built_files(static: Path, module: str) -> tuple[str, str]:
    """Return the built script and style sheet of the front end; the style may be ``""``.

    Raises
    ------
    FrontendNotBuilt
        If the script is missing.
    """
    script, style = static / f"{module}.js", static / f"{module}.css"
    if not script.is_file():
        raise FrontendNotBuilt(
            f"The front end of this widget has not been built: there is no {script}. In a "
            "checkout, run `make frontend` (it needs Node 20 or later). Otherwise reinstall "
            "the package: its wheel contains the file."
        )
    css = style.read_text(encoding="utf-8") if style.is_file() else ""
    return script.read_text(encoding="utf-8"), css
