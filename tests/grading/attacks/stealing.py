"""Attacks that look for the key: on disk, in other processes, by way of the kernel."""

from __future__ import annotations

from grading.attacks.attack import attack, got, stole
from grading.attacks.world import World


@attack("reads the key from the disk", stole)
def _key(w: World) -> str:
    return f"import json\na2 = json.load(open({str(w.key)!r}))['q2']"


@attack("reads the hidden master", stole)
def _master(w: World) -> str:
    return f"""
import glob, re
[name] = glob.glob({str(w.folder)!r} + '/**/master.ipynb', recursive=True)
a2 = int(re.search(r'a2 = ([0-9]+)', open(name).read())[1])
"""


@attack("reads another student's work", stole)
def _other(w: World) -> str:
    return f"""
import json
exec(json.load(open({str(w.folder / "other.ipynb")!r}))['cells'][0]['source'])
"""


@attack("reads the environment of other processes", stole)
def _environment(w: World) -> str:
    return """
import glob, re
for name in glob.glob('/proc/[0-9]*/environ'):
    try:
        found = re.search(rb'GRADING_SECRET=([0-9]+)', open(name, 'rb').read())
    except OSError:
        continue
    if found:
        a2 = int(found[1])
"""


@attack("reads its own environment", stole)
def _own_environment(w: World) -> str:
    return "import os\na2 = int(os.environ['GRADING_SECRET'])"


@attack("reads the process list", stole)
def _processes(w: World) -> str:
    return """
import glob, re
for name in glob.glob('/proc/[0-9]*/cmdline'):
    try:
        found = re.search(rb'secret=([0-9]+)', open(name, 'rb').read())
    except OSError:
        continue
    if found:
        a2 = int(found[1])
"""


@attack("climbs out by a symbolic link", stole)
def _symlink(w: World) -> str:
    return f"""
import json, os
os.symlink({str(w.folder)!r}, 'way')
a2 = json.load(open('way/key.json'))['q2']
os.remove('way')
"""


@attack("climbs out by ..", stole)
def _dots(w: World) -> str:
    return f"import json\na2 = json.load(open('../' * 40 + {str(w.key)!r}.lstrip('/')))['q2']"


@attack("climbs out by another process's root folder", stole)
def _proc_root(w: World) -> str:
    return f"""
import json
for pid in [1, *range(2, 40), {w.victim.pid}]:
    try:
        a2 = json.load(open(f'/proc/{{pid}}/root' + {str(w.key)!r}))['q2']
        break
    except OSError:
        pass
"""


@attack("searches the memory of another process", stole)
def _memory(w: World) -> str:
    return f"""
import re
pid = {w.victim.pid}
with open(f'/proc/{{pid}}/maps') as maps, open(f'/proc/{{pid}}/mem', 'rb', 0) as memory:
    for line in maps:
        if '[stack]' in line:
            first, last = (int(x, 16) for x in line.split()[0].split('-'))
            memory.seek(first)
            found = re.search(rb'secret=([0-9]+)', memory.read(last - first))
            a2 = int(found[1])
"""


@attack("makes a namespace in which it is root", got(1))
def _namespace(w: World) -> str:
    # In a child: whoever has other threads may not enter a new one.
    return """
import ctypes, os
child = os.fork()
if child == 0:
    os._exit(0 if ctypes.CDLL(None).unshare(0x10000000) == 0 else 1)
a2 = int(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0)
"""


@attack("can write into the package for the submissions after it", got(1))
def _package(w: World) -> str:
    return """
import importlib.util, os
package = os.path.dirname(importlib.util.find_spec('microns_widgets').origin)
a2 = int(os.access(package, os.W_OK))
"""
