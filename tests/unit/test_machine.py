"""CPUs and memory are those that this process may use, in a container too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from microns_widgets._machine import cpu_count, free_memory

GIB = 1 << 30


def machine(root: Path, files: dict[str, str]) -> Path:
    """Write what the kernel would show."""
    for name, text in {
        "proc/meminfo": "MemTotal: 9 kB\nMemAvailable: 8388608 kB\n",
        **files,
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.fixture
def many_cpus(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that may run on 16 CPUs, on whichever Python."""
    monkeypatch.setattr(os, "process_cpu_count", lambda: 16, raising=False)


def test_without_a_limit_every_cpu_of_the_process_counts(many_cpus, tmp_path):
    assert cpu_count(machine(tmp_path, {})) == 16
    unlimited = {"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "max 100000\n"}
    assert cpu_count(machine(tmp_path, unlimited)) == 16


@pytest.mark.parametrize(
    "files",
    [
        {"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "150000 100000\n"},
        {
            "proc/self/cgroup": "0::/user/job\n",
            "sys/fs/cgroup/user/cpu.max": "150000 100000\n",
            "sys/fs/cgroup/user/job/cpu.max": "max 100000\n",
        },
        {
            "proc/self/cgroup": "5:cpu,cpuacct:/docker/1f\n1:name=systemd:/\n",
            "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "150000\n",
            "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
        },
    ],
    ids=["version 2", "version 2, of a group above", "version 1, mounted as a container's own"],
)
def test_a_quota_of_one_and_a_half_cpus_is_two(many_cpus, tmp_path, files):
    assert cpu_count(machine(tmp_path, files)) == 2


def test_a_quota_of_version_1_that_is_not_set_limits_nothing(many_cpus, tmp_path):
    files = {
        "proc/self/cgroup": "5:cpu:/\n",
        "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
        "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
    }
    assert cpu_count(machine(tmp_path, files)) == 16


def test_there_is_always_one_cpu(many_cpus, tmp_path):
    files = {"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "1000 100000\n"}
    assert cpu_count(machine(tmp_path, files)) == 1


def test_an_affinity_is_heeded_on_an_older_python(monkeypatch, tmp_path):
    monkeypatch.delattr(os, "process_cpu_count", raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 3, 5}, raising=False)
    assert cpu_count(machine(tmp_path, {})) == 3


def test_without_a_limit_the_machines_free_memory_counts(tmp_path):
    assert free_memory(machine(tmp_path, {})) == 8 * GIB
    unlimited = {
        "proc/self/cgroup": "0::/\n",
        "sys/fs/cgroup/memory.max": "max\n",
        "sys/fs/cgroup/memory.current": f"{GIB}\n",
    }
    assert free_memory(machine(tmp_path, unlimited)) == 8 * GIB


@pytest.mark.parametrize(
    "files",
    [
        {
            "proc/self/cgroup": "0::/\n",
            "sys/fs/cgroup/memory.max": f"{3 * GIB}\n",
            "sys/fs/cgroup/memory.current": f"{2 * GIB}\n",
            "sys/fs/cgroup/memory.stat": f"anon 5\ninactive_file {GIB}\n",
        },
        {
            "proc/self/cgroup": "9:memory:/docker/1f\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": f"{3 * GIB}\n",
            "sys/fs/cgroup/memory/memory.usage_in_bytes": f"{2 * GIB}\n",
            "sys/fs/cgroup/memory/memory.stat": f"inactive_file 7\ntotal_inactive_file {GIB}\n",
        },
    ],
    ids=["version 2", "version 1"],
)
def test_in_a_container_its_limit_counts_less_what_it_holds(tmp_path, files):
    assert free_memory(machine(tmp_path, files)) == 2 * GIB


def test_what_is_over_its_limit_has_no_memory_left(tmp_path):
    files = {
        "proc/self/cgroup": "0::/\n",
        "sys/fs/cgroup/memory.max": f"{GIB}\n",
        "sys/fs/cgroup/memory.current": f"{2 * GIB}\n",
        "sys/fs/cgroup/memory.stat": "inactive_file 0\n",
    }
    assert free_memory(machine(tmp_path, files)) == 0


def test_a_system_without_proc_says_how_much_memory_it_has(tmp_path):
    assert free_memory(tmp_path) > 0
