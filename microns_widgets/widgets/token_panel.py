"""A panel that finds a CAVE token or asks for one, checks it, and never displays it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event, RLock
from typing import TYPE_CHECKING, Any, Never
from urllib.parse import urlsplit

import traitlets

from microns_widgets._machine import in_browser
from microns_widgets._threads import start_thread
from microns_widgets.errors import (
    CaveError,
    ExportRefused,
    InvalidType,
    OtherTokenSaved,
    TermsNotAccepted,
    TokenNotSaved,
    TokenRefused,
    check_keywords,
    quoted,
)
from microns_widgets.sources.cave.client import DATASTACK, check_connection
from microns_widgets.sources.cave.secret import Secret
from microns_widgets.sources.cave.token_files import (
    display_path,
    holding,
    own_name,
    remove_token,
    save_token,
)
from microns_widgets.sources.cave.tokens import (
    SERVER,
    checked_token,
    find_token,
    malformed,
    token_pages,
)
from microns_widgets.widgets._base import MicronsWidget
from microns_widgets.widgets._requests import answers
from microns_widgets.widgets._token_check import Outcome, check_token
from microns_widgets.widgets._token_status import STATES, Saved

if TYPE_CHECKING:
    from caveclient.frameworkclient import CAVEclientFull
    from matplotlib.figure import Figure

_IN_BROWSER = "Continue with the built-in sample: here, another attempt would end in the same way."


class TokenPanel(MicronsWidget):
    """Find a CAVE token, or ask for one, and create a client with it.

    The panel looks for a token in its argument, in the environment variable CAVE_TOKEN, in
    caveclient's files and in Colab's secrets. It checks the token in a thread, so that cells can
    run in the meantime. The token is never stored in a trait, and therefore never saved in a
    notebook; the page sends it once and forgets it.

    Parameters
    ----------
    datastack : str
        Name of the dataset.
    server_address : str
        Address of the server.
    token : str, optional
        A token of 32 hexadecimal digits. If it is written in a cell, it is saved with the
        notebook: it is safer to type it into the panel.
    timeout : float
        Longest time in seconds to wait for the next part of a response. The whole check takes
        at most ten times as long.

    Attributes
    ----------
    status : dict
        What the panel shows: ``state`` (one of nine words), ``text``, ``next_step``, ``url`` of
        the terms, ``saved`` (``"no"``, ``"yes"``, or ``"other"`` if another token is saved) and
        ``file``. It can be observed. At the end of a check, observers run in the thread of the
        check, so they should be short.
    account : str or None
        Name of the token's account, once the token has been checked.
    use_sample : bool
        True after a click on the button that chooses the sample; it can be observed.

    Examples
    --------
    >>> panel = mw.TokenPanel()
    >>> panel  # doctest: +SKIP
    >>> real = mw.load(client=panel.client)  # doctest: +SKIP
    """

    _module = "token-panel"
    _title = "Token panel"
    _note = "This is a picture. Run the notebook from the top to use the panel."

    account: str | None = None

    status = traitlets.Dict().tag(sync=True)
    use_sample = traitlets.Bool(False).tag(sync=True)
    pages = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        datastack: str = DATASTACK,
        *,
        server_address: str = SERVER,
        token: str | None = None,
        timeout: float = 10.0,
        **unknown: Never,
    ) -> None:
        # Verbose tracebacks print local variables: from here on, none of them holds the token.
        secret = None if token is None else Secret(token)
        names = list(unknown)
        del token, unknown
        for argument, text in (("datastack", datastack), ("server_address", server_address)):
            if not isinstance(text, str):
                raise InvalidType(
                    f"TokenPanel() was given {argument}={quoted(text)}, expected text."
                )
        check_keywords("TokenPanel", names, ("datastack", "server_address", "token", "timeout"))
        check_connection(server_address, timeout)
        self._datastack = datastack
        self._server_address = server_address.rstrip("/")
        self._timeout = timeout
        self._lock = RLock()
        self._checked = Event()
        self._secret: Secret | None = None
        self._fingerprint = ""
        self._client: CAVEclientFull | None = None
        super().__init__(pages=token_pages(self._server_address, datastack))
        self._begin(secret)

    def _begin(self, secret: Secret | None) -> None:
        try:
            if secret is not None:
                self._check(checked_token(secret))
            elif match := find_token(self._server_address):
                self._check(match.secret)
            else:
                self._stop("nothing_found")
        except TokenRefused as error:
            self._stop("badly_formed", reason=str(error))

    @property
    def state(self) -> str:
        """The panel's state: one of nine words, such as ``"ready"``."""
        return str(self.status["state"])

    @property
    def client(self) -> CAVEclientFull:
        """A `CAVEclient` with the token. Waits for a check in progress.

        Raises
        ------
        TokenRefused, TermsNotAccepted, NoPermission, ServiceUnreachable
            If there is no client; the message says what to do.
        """
        if self.use_sample and self._client is None:
            raise TokenRefused(
                "You chose the built-in sample in the panel, so there is no client: "
                "mw.load() opens the sample."
            )
        self.wait()
        if self._client is None:
            message = f"{self.status['text']} {self.status['next_step']}"
            kind = STATES[self.state].error
            if kind is TermsNotAccepted:
                raise TermsNotAccepted(message, self.status["url"])
            raise kind(message)
        return self._client

    def wait(self, timeout: float | None = None) -> str:
        """Wait until a check in progress has ended.

        For scripts. A token typed into the panel arrives only after the running cell has ended,
        so do not wait for it in a cell.

        Parameters
        ----------
        timeout : float, optional
            Longest time to wait, in seconds. Default: until the check ends.

        Returns
        -------
        str
            The state; ``"checking"`` if the time limit was reached.

        Examples
        --------
        >>> mw.TokenPanel().wait()  # doctest: +SKIP
        'nothing_found'
        """
        # Observers of a result are called before the check ends, and must not wait for its end.
        if self.state == "checking":
            self._checked.wait(timeout)
        return self.state

    def save(self, *, overwrite: bool = False) -> Path:
        """Save the token where caveclient finds it, in a file that only you can read.

        Parameters
        ----------
        overwrite : bool
            Whether to replace another token that is saved there.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        OtherTokenSaved
            If another token is saved there and `overwrite` is false.
        TokenNotSaved
            If the file cannot be written.
        CaveError
            If no valid token is available.

        Examples
        --------
        >>> panel = mw.TokenPanel()  # doctest: +SKIP
        >>> panel.save()  # doctest: +SKIP
        """
        _ = self.client  # only a token that works is saved
        secret = self._secret
        assert secret is not None
        try:
            file = save_token(secret, self._server_address, overwrite=overwrite)
        except OtherTokenSaved:
            self._show("ready", saved="other")
            raise
        except TokenNotSaved as error:
            self._show("not_saved", reason=str(error))
            raise
        self._show("ready")
        return file

    def forget(self, *, on_disk: bool = False) -> None:
        """Forget the token. Clients created before keep it.

        Parameters
        ----------
        on_disk : bool
            Whether to remove it from caveclient's files as well. All other content of these
            files stays.

        Raises
        ------
        TokenNotSaved
            If a file cannot be changed.

        Examples
        --------
        >>> panel = mw.TokenPanel()  # doctest: +SKIP
        >>> panel.forget(on_disk=True)  # doctest: +SKIP
        """
        self._stop("nothing_found")
        if on_disk:
            try:
                remove_token(self._fingerprint, self._server_address)
            except TokenNotSaved as error:
                self._show("not_saved", reason=str(error))
                raise
            self._show("nothing_found")

    def __repr__(self) -> str:
        return f"<TokenPanel {self._datastack}, {self.state.replace('_', ' ')}>"

    def _still(self) -> Figure:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(5, 0.6))
        figure.text(0.02, 0.4, f"CAVE token panel: {self.state.replace('_', ' ')}", fontsize=11)
        return figure

    def _page_state(self, _cells: Sequence[int]) -> dict[str, Any]:
        raise ExportRefused(
            "A token panel cannot be exported: it does not work without Python, and a page may be "
            "passed on to others. Leave out the panel."
        )

    # Answers to the page's requests. The token is sent as binary data, because logs and
    # tracebacks print the content of a message. A malformed one may be any secret: the page sends
    # only its length.

    @answers("hello")
    def _on_hello(self, _content: None, _buffers: list[memoryview]) -> None:
        """Confirm to the page that there is a kernel."""

    @answers("account")
    def _on_account(self, _content: None, _buffers: list[memoryview]) -> str | None:
        """Return the account's name, which is not in `status` because the notebook saves that."""
        return self.account

    @answers("check")
    def _on_check(self, _content: None, buffers: list[memoryview]) -> None:
        if not buffers:
            raise CaveError(
                "The token did not arrive: this notebook host does not pass on binary data. Set "
                "the environment variable CAVE_TOKEN before you create the panel."
            )
        self.use_sample = False
        self._begin(Secret(bytes(buffers.pop()).decode("ascii", "replace")))

    @answers("malformed")
    def _on_malformed(self, length: int, _buffers: list[memoryview]) -> None:
        self._stop("badly_formed", reason=malformed(int(length)))

    @answers("retry")
    def _on_retry(self, _content: None, _buffers: list[memoryview]) -> None:
        self._begin(self._secret)

    @answers("save")
    def _on_save(self, overwrite: bool, _buffers: list[memoryview]) -> None:
        with suppress(OtherTokenSaved, TokenNotSaved):  # the status shows it
            self.save(overwrite=bool(overwrite))

    @answers("forget")
    def _on_forget(self, on_disk: bool, _buffers: list[memoryview]) -> None:
        with suppress(TokenNotSaved):  # the status shows it
            self.forget(on_disk=bool(on_disk))

    def _check(self, secret: Secret) -> None:
        with self._lock:
            self._stop("checking", ended=False)
            self._secret, self._fingerprint = secret, secret.fingerprint
            ended = self._checked
        if not start_thread(self._run_check, secret, ended):
            self._run_check(secret, ended)

    def _run_check(self, secret: Secret, ended: Event) -> None:
        outcome = Outcome("unreachable", reason="The check ended unexpectedly.")
        try:
            outcome = check_token(
                secret,
                datastack=self._datastack,
                server_address=self._server_address,
                timeout=self._timeout,
            )
        finally:
            try:
                with self._lock:
                    # If not, another token has been entered, or this one was discarded.
                    if ended is self._checked:
                        self._show_outcome(outcome)
            finally:
                ended.set()

    def _show_outcome(self, outcome: Outcome) -> None:
        self._client, self.account = outcome.client, outcome.account
        if outcome.state == "refused":
            self._secret = None
        terms = self.pages["terms"] if outcome.state == "terms_not_accepted" else ""
        self._show(outcome.state, url=outcome.url or terms, reason=outcome.reason)

    def _stop(self, state: str, *, ended: bool = True, reason: str = "") -> None:
        """Drop token and client, and ignore the result of a check in progress."""
        with self._lock:
            self._checked.set()
            self._checked = Event()
            if ended:
                self._checked.set()
            self._secret, self._client, self.account = None, None, None
            self._show(state, reason=reason)

    def _show(
        self, state: str, *, reason: str = "", url: str = "", saved: Saved | None = None
    ) -> None:
        message = STATES[state]
        words = {
            "reason": reason,
            "datastack": self._datastack,
            "server": urlsplit(self._server_address).netloc,
            "timeout": self._timeout,
        }
        self.status = {
            "state": state,
            "text": message.text.format(**words),
            "next_step": _IN_BROWSER
            if state == "unreachable" and in_browser()
            else message.next_step.format(**words),
            "url": url,
            "saved": saved or ("yes" if self._token_file() else "no"),
            "file": display_path(file)
            if (file := self._token_file())
            else own_name(self._server_address),
        }

    def _token_file(self) -> Path | None:
        if not self._fingerprint:
            return None
        return next(iter(holding(self._fingerprint, self._server_address)), None)
