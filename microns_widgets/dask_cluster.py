"""Connects to a Dask cluster, for everything that can run on one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from microns_widgets.errors import ClusterError, MissingLibrary


@contextmanager
def cluster_client(cluster: str | Any, processes: int | None = None) -> Iterator[Any]:
    """Connect to a Dask cluster that has workers.

    Parameters
    ----------
    cluster : str or distributed.Client
        ``tcp://host:port`` of a scheduler; ``"local"`` for a temporary cluster on this machine,
        which is shut down at the end of the block; or a client.
    processes : int, optional
        Processes of a local cluster. Default: one per CPU.

    Yields
    ------
    distributed.Client

    Raises
    ------
    MissingLibrary
        If Dask is not installed.
    ClusterError
        If nothing answers at the address, or the cluster has no workers.
    """
    try:
        # Imported here: it takes a second to import, and is needed only with a cluster.
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise MissingLibrary(
            "Dask is not installed. Install it: pip install 'dask[distributed]'"
        ) from error
    with ExitStack() as stack:
        client: Any = cluster
        if isinstance(cluster, str):
            address: Any = cluster
            if cluster == "local":
                # Port 0, any free one: another cluster may use the default port.
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
                    "scheduler` and use its address, such as tcp://10.0.0.1:8786, or use `local`."
                ) from error
        if not client.nthreads():
            raise ClusterError(
                "The Dask cluster has no workers. Start some with `dask worker ADDRESS`."
            )
        yield client
