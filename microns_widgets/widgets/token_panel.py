"""A panel that finds a CAVE token or asks for one, checks it, and never shows it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event, RLock, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import traitlets

from microns_widgets.errors import (
    CaveError,
    ExportRefused,
    OtherTokenSaved,
    TermsNotAccepted,
    TokenNotSaved,
    TokenRefused,
)
from microns_widgets.sources.cave.client import DATASTACK
from microns_widgets.sources.cave.secret import Secret
from microns_widgets.sources.cave.token_files import (
    holding,
    own_file,
    remove_token,
    save_token,
    shown,
)
from microns_widgets.sources.cave.tokens import (
    SERVER,
    checked,
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


class TokenPanel(MicronsWidget):
    """Finds a CAVE token, or asks for one, and makes a client of it.

    A token is looked for in the argument, the environment variable CAVE_TOKEN, caveclient's
    files and Colab's vault. It is checked in a thread, so that cells can run meanwhile. The
    token is in no trait, and so in no notebook; the page sends it once and forgets it.

    Parameters
    ----------
    datastack : str
        Which dataset.
    server_address : str
        Which server.
    token : str, optional
        A token of 32 hexadecimal digits. In a cell it would be saved with the notebook:
        better leave it out, and type it into the panel.
    timeout : float
        Seconds after which a request of the check without an answer is tried again, at most
        three times.

    Attributes
    ----------
    status : dict
        What the panel shows: ``state`` (a key of the table of states), ``text``,
        ``next_step``, ``url`` of the terms, ``saved`` (``"no"``, ``"yes"``, or ``"other"``
        where another token is) and ``file``. It can be observed; when a check ends its
        observers are called in the thread of the check, and should be short.
    account : str or None
        Name of the account whose token it is, once it is checked.
    use_sample : bool
        Set by a click on "Go on with the sample"; can be observed.

    Examples
    --------
    >>> panel = mw.TokenPanel()
    >>> panel                                    # in a cell of its own: type or paste the token
    >>> con = mw.load(client=panel.client)
    """

    _module = "token-panel"

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
    ) -> None:
        # Verbose tracebacks print local variables: from here on the token is in none of them.
        given = None if token is None else Secret(token)
        del token
        self._datastack = datastack
        self._server_address = server_address.rstrip("/")
        self._timeout = timeout
        self._lock = RLock()
        self._checked = Event()
        self._secret: Secret | None = None
        self._fingerprint = ""
        self._client: CAVEclientFull | None = None
        self.account: str | None = None
        super().__init__(pages=token_pages(self._server_address, datastack))
        self._begin(given)

    def _begin(self, given: Secret | None) -> None:
        try:
            if given is not None:
                self._check(checked(given))
            elif found := find_token(self._server_address):
                self._check(found.secret)
            else:
                self._stop("nothing_found")
        except TokenRefused as error:
            self._stop("badly_formed", reason=str(error))

    @property
    def state(self) -> str:
        """Which of the nine states the panel is in."""
        return str(self.status["state"])

    @property
    def client(self) -> CAVEclientFull:
        """A `CAVEclient` with the token; a check that is under way is waited for.

        Raises
        ------
        TokenRefused, TermsNotAccepted, NoPermission, ServiceUnreachable
            If there is none, with what to do.
        """
        if self.use_sample and self._client is None:
            raise TokenRefused("The panel was told to go on with the sample: load() opens it.")
        self.wait()
        if self._client is None:
            message = f"{self.status['text']} {self.status['next_step']}"
            kind = STATES[self.state].error
            if kind is TermsNotAccepted:
                raise TermsNotAccepted(message, self.status["url"])
            raise kind(message)
        return self._client

    def wait(self, timeout: float | None = None) -> str:
        """Wait until a check that is under way has ended.

        For scripts. What is typed into the panel arrives only when the cell has ended: waiting
        for that in a cell is in vain.

        Parameters
        ----------
        timeout : float, optional
            Seconds to wait at most; as long as the check takes without it.

        Returns
        -------
        str
            The state.
        """
        # An observer of the end of a check, which is called before that end, need not wait.
        if self.state == "checking":
            self._checked.wait(timeout)
        return self.state

    def save(self, *, overwrite: bool = False) -> Path:
        """Save the token where caveclient finds it, readable for you only.

        Parameters
        ----------
        overwrite : bool
            Whether another token that is saved there may be lost.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        OtherTokenSaved
            If another token is there and `overwrite` is false.
        TokenNotSaved
            If the file cannot be written.
        CaveError
            If no token is ready.
        """
        _ = self.client  # what is not known to work is not saved
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
        """Forget the token. Clients that were handed out before keep it.

        Parameters
        ----------
        on_disk : bool
            Whether it is also removed from caveclient's files. Other tokens and whatever
            else stands there stays.

        Raises
        ------
        TokenNotSaved
            If a file cannot be changed.
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
        return f"TokenPanel(datastack={self._datastack!r}, state={self.state!r})"

    def _still(self) -> Figure:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(5, 0.6))
        figure.text(0.02, 0.4, f"CAVE token panel: {self.state.replace('_', ' ')}", fontsize=11)
        return figure

    def _page_state(self, _cells: Sequence[int]) -> dict[str, Any]:
        raise ExportRefused(
            "A token panel was to be put into a page. A page without Python cannot use it, and is "
            "passed on to others: leave the panel out."
        )

    # What the page asks for. The token comes as binary data, since logs and tracebacks print
    # the content of a message; a badly formed one, which may be any secret, does not come.

    @answers("hello")
    def _on_hello(self, _content: None, _buffers: list[memoryview]) -> None:
        """Tell the page that there is a kernel."""

    @answers("account")
    def _on_account(self, _content: None, _buffers: list[memoryview]) -> str | None:
        """Tell the account's name: not in `status`, which is saved in the notebook."""
        return self.account

    @answers("check")
    def _on_check(self, _content: None, buffers: list[memoryview]) -> None:
        if not buffers:
            raise CaveError(
                "The token did not arrive: this host passes on no binary data. Set the environment "
                "variable CAVE_TOKEN before the panel is made."
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
        with suppress(OtherTokenSaved, TokenNotSaved):  # the status tells
            self.save(overwrite=bool(overwrite))

    @answers("forget")
    def _on_forget(self, on_disk: bool, _buffers: list[memoryview]) -> None:
        with suppress(TokenNotSaved):  # the status tells
            self.forget(on_disk=bool(on_disk))

    def _check(self, secret: Secret) -> None:
        with self._lock:
            self._stop("checking", ended=False)
            self._secret, self._fingerprint = secret, secret.fingerprint
            ended = self._checked
        Thread(target=self._run_check, args=(secret, ended), daemon=True).start()

    def _run_check(self, secret: Secret, ended: Event) -> None:
        try:
            outcome = check_token(
                secret,
                datastack=self._datastack,
                server_address=self._server_address,
                timeout=self._timeout,
            )
            with self._lock:
                # Otherwise another token was entered meanwhile, or this one forgotten.
                if ended is self._checked:
                    self._show_outcome(outcome)
        finally:
            ended.set()

    def _show_outcome(self, outcome: Outcome) -> None:
        self._client, self.account = outcome.client, outcome.account
        if outcome.state == "refused":
            self._secret = None
        terms = self.pages["terms"] if outcome.state == "terms_not_accepted" else ""
        self._show(outcome.state, url=outcome.url or terms)

    def _stop(self, state: str, *, ended: bool = True, reason: str = "") -> None:
        """Drop token and client, and leave a check that is under way to itself."""
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
        said = STATES[state]
        words = {
            "reason": reason,
            "datastack": self._datastack,
            "server": urlsplit(self._server_address).netloc,
            "timeout": self._timeout,
        }
        self.status = {
            "state": state,
            "text": said.text.format(**words),
            "next_step": said.next_step.format(**words),
            "url": url,
            "saved": saved or ("yes" if self._saved_in() else "no"),
            "file": shown(self._saved_in() or own_file(self._server_address)),
        }

    def _saved_in(self) -> Path | None:
        if not self._fingerprint:
            return None
        return next(iter(holding(self._fingerprint, self._server_address)), None)
