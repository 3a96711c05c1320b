"""A Dask cluster by its address, for whatever runs on one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from microns_widgets.errors import ClusterError


@contextmanager
def cluster_client(cluster: str | Any, processes: int | None = None) -> Iterator[Any]:
    """Connect to a Dask cluster that has workers.

    Parameters
    ----------
    cluster : str or distributed.Client
        ``tcp://host:port`` of a scheduler; ``"local"`` for a cluster of this machine's own,
        which ends with the block; or a client.
    processes : int, optional
        Processes of a local cluster; without it, as many as there are processors.

    Yields
    ------
    distributed.Client

    Raises
    ------
    ClusterError
        If Dask is not installed, nothing answers at the address, or there are no workers.
    """
    try:
        # It takes a second to import, and only who has a cluster needs it.
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise ClusterError("Dask is not installed: pip install 'dask[distributed]'.") from error
    with ExitStack() as stack:
        client: Any = cluster
        if isinstance(cluster, str):
            address: Any = cluster
            if cluster == "local":
                # A port of its own: another cluster may have the usual one.
                address = stack.enter_context(
                    LocalCluster(
                        n_workers=processes, threads_per_worker=1, dashboard_address="127.0.0.1:0"
                    )
                )
            try:
                client = stack.enter_context(Client(address, timeout=10))
            except (OSError, ValueError) as error:
                raise ClusterError(
                    f"There is no Dask scheduler at {cluster} ({error}). Start one with `dask "
                    "scheduler` and give its address, such as tcp://10.0.0.1:8786, or say `local`."
                ) from error
        if not client.nthreads():
            raise ClusterError(
                "The Dask cluster has no workers. Start some with `dask worker ADDRESS`."
            )
        yield client
