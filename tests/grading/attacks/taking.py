"""Attacks on the machine: processes, memory, disk, descriptors, output, time.

Each stops by itself at a count that an ordinary machine bears.
"""

from __future__ import annotations

from grading.attacks.attack import Outcome, attack, got, hung, traced
from grading.attacks.world import World

MIB = 1 << 20


@attack("forks without end", got(200))
def _forks(w: World) -> str:
    return """
import os, signal, time
children = []
try:
    while len(children) < 200:
        child = os.fork()
        if child == 0:
            time.sleep(20)
            os._exit(0)
        children.append(child)
except OSError:
    pass
a2 = len(children)
for child in children:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
"""


@attack("starts threads without end", got(200))
def _threads(w: World) -> str:
    return """
import threading
stop, threads = threading.Event(), []
try:
    while len(threads) < 200:
        threads.append(threading.Thread(target=stop.wait, args=(20,), daemon=True))
        threads[-1].start()
except RuntimeError:
    threads.pop()
a2 = len(threads)
stop.set()
"""


@attack("takes all memory", got(600 * MIB))
def _memory(w: World) -> str:
    return """
taken = []
a2 = 0
try:
    while a2 < 600 << 20:
        taken.append(bytearray(50 << 20))
        a2 += 50 << 20
except MemoryError:
    pass
del taken
"""


@attack("takes all memory in many small processes", got(12), honest=("q1", "q3"))
def _memory_of_children(w: World) -> str:
    # Each stays below what one process may have; together they are far above.
    return """
import os, time
ready, said = os.pipe()
for _ in range(12):
    if os.fork() == 0:
        taken = bytearray(60 << 20)
        for n in range(0, len(taken), 4096):
            taken[n] = 1
        os.write(said, b'.')
        time.sleep(3)
        os._exit(0)
os.close(said)
a2 = 0
while a2 < 12 and os.read(ready, 1):
    a2 += 1
"""


@attack("takes memory that no process maps", got(300 * MIB))
def _memfd(w: World) -> str:
    return """
import os
a2 = 0
file = os.memfd_create('hoard')
block = b'x' * (1 << 20)
while a2 < 300 << 20:
    a2 += os.write(file, block)
"""


@attack("fills the disk", got(100 * MIB))
def _disk(w: World) -> str:
    return """
import os, time
a2 = 0
block = b'x' * (5 << 20)
try:
    for n in range(20):
        with open(f'hoard-{n}', 'wb') as file:
            a2 += file.write(block)
        time.sleep(0.1)
except OSError:
    pass
for n in range(20):
    if os.path.exists(f'hoard-{n}'):
        os.remove(f'hoard-{n}')
"""


@attack("makes one huge file", got(100 * MIB))
def _file(w: World) -> str:
    return """
import os
a2 = 0
with open('huge', 'wb') as file:
    try:
        for n in range(100):
            a2 += file.write(b'x' * (1 << 20))
        file.flush()
    except OSError:
        a2 = -1
os.remove('huge')
"""


@attack("makes 40,000 empty files", got(40_000))
def _files(w: World) -> str:
    return """
import os, shutil, time
os.mkdir('many')
a2 = 0
try:
    for n in range(40_000):
        open(f'many/{n}', 'w').close()
        a2 += 1
    time.sleep(0.7)
finally:
    shutil.rmtree('many')
"""


@attack("opens files without end", got(500))
def _descriptors(w: World) -> str:
    return """
import os
opened = []
try:
    while len(opened) < 500:
        opened.append(os.open('/dev/null', os.O_RDONLY))
except OSError:
    pass
a2 = len(opened)
for one in opened:
    os.close(one)
"""


def _flooded(outcome: Outcome) -> bool:
    return outcome.printed > 20 * MIB


@attack("prints without end", _flooded)
def _prints(w: World) -> str:
    return """
import os, sys
line = 'x' * (1 << 20)
for _ in range(30):
    print(line)
for descriptor in (1, 2):
    os.write(descriptor, line.encode())
"""


@attack("loops for ever", hung)
def _loop(w: World) -> str:
    return "while True:\n    pass"


@attack("sleeps past the limit", hung)
def _sleep(w: World) -> str:
    return "import time\ntime.sleep(3600)"


@attack("ignores signals and swallows interrupts", hung)
def _signals(w: World) -> str:
    return """
import signal, time
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    try:
        time.sleep(1)
    except BaseException:
        pass
"""


@attack("hangs in code that no signal reaches", hung)
def _regex(w: World) -> str:
    return "import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')"


@attack("stops the process that takes the answers", hung)
def _stop(w: World) -> str:
    return "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"


@attack("leaves a process behind", traced, settle=1.5)
def _behind(w: World) -> str:
    return f"""
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(1)
        try:
            open({str(w.trace)!r}, 'w').close()
        finally:
            os._exit(0)
    os._exit(0)
os.wait()
"""


@attack("leaves a thread behind that does not let the process end", hung)
def _thread(w: World) -> str:
    return """
import threading, time
threading.Thread(target=time.sleep, args=(3600,)).start()
"""
