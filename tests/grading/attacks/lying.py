"""Attacks on whoever compares: answers that lie, and a patched language."""

from __future__ import annotations

from grading.attacks.attack import attack, forged, hung, traced
from grading.attacks.world import World


@attack("answers with an object that equals everything", forged)
def _equal(w: World) -> str:
    return """
class Any:
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = lambda self: 0
a2 = Any()
"""


@attack("answers with an object that lies about its class, length and numbers", forged)
def _class(w: World) -> str:
    return """
class Any:
    __class__ = property(lambda self: float)
    __len__ = lambda self: 1
    __float__ = lambda self: 1.0
    __index__ = lambda self: 1
    __array__ = lambda self, *a, **k: __import__('numpy').ones(1)
    __dataframe__ = lambda self, *a, **k: self
    __getattr__ = lambda self, name: lambda *a, **k: self
    __eq__ = lambda self, other: True
    __sub__ = __rsub__ = lambda self, other: 0
    __le__ = __lt__ = __ge__ = __gt__ = lambda self, other: True
a2 = Any()
"""


@attack("answers with a number whose comparison lies", forged)
def _number(w: World) -> str:
    return """
class Same(float):
    __eq__ = lambda self, other: True
    __hash__ = float.__hash__
    __sub__ = __rsub__ = lambda self, other: 0.0
a2 = Same(0)
"""


@attack("answers with an object that never ends", hung)
def _endless(w: World) -> str:
    return """
import time
class Endless:
    def stay(self, *a):
        while True:
            try:
                time.sleep(1)
            except BaseException:
                pass
    __eq__ = __float__ = __len__ = __iter__ = __array__ = __index__ = __str__ = __repr__ = stay
    __class__ = property(stay)
    __hash__ = None
a2 = Endless()
"""


@attack("answers with a pickle that runs a program", traced)
def _pickle(w: World) -> str:
    return f"""
import os
class Bomb:
    def __reduce__(self):
        return os.system, ('echo > {w.trace}',)
a2 = Bomb()
"""


@attack("patches json", forged)
def _json(w: World) -> str:
    return """
import json
a2 = None
json.loads = json.load = lambda *a, **k: {'q1': 1, 'q2': None, 'q3': 3}
json.JSONEncoder.encode = lambda *a, **k: '{"marks": {"q2": true}}'
"""


@attack("patches builtins", forged)
def _builtins(w: World) -> str:
    return """
import builtins
a2 = 0
builtins.all = builtins.any = builtins.abs = lambda *a: True
"""


@attack("patches numpy's and math's comparisons", forged)
def _operators(w: World) -> str:
    return """
import math, operator, numpy
math.isclose = operator.eq = numpy.isclose = numpy.allclose = lambda *a, **k: True
numpy.testing.assert_allclose = lambda *a, **k: None
a2 = type('Any', (), {'__eq__': lambda *a: True})()
"""


@attack("patches how answers are taken", forged, honest=("q1",))
def _kinds(w: World) -> str:
    return """
import sys
a2 = type('Any', (), {'__eq__': lambda *a: True})()
for name, module in list(sys.modules.items()):
    if name.startswith('microns_widgets.grading'):
        for word in ('capture', 'judge', 'practice', 'check'):
            if hasattr(module, word):
                setattr(module, word, lambda *a, **k: {'share': 1, 'marks': 1})
        for kind in getattr(module, 'KINDS', {}):
            module.KINDS[kind] = type('Kind', (), {'capture': staticmethod(lambda *a: True)})
"""


@attack("patches the shell's display and namespace", forged)
def _display(w: World) -> str:
    return """
import sys
a2 = type('Any', (), {'__eq__': lambda *a: True, '__repr__': lambda s: '24601'})()
sys.displayhook = print
try:
    shell = get_ipython()
    shell.display_pub.publish = shell.displayhook.__class__.__call__ = lambda *a, **k: None
    shell.user_ns['marks'] = {'q2': 1}
except NameError:
    pass
"""


@attack("writes over the result", forged)
def _result(w: World) -> str:
    return f"""
import atexit, json
atexit.register(lambda: open({str(w.result)!r}, 'w').write(
    json.dumps({{'marks': {{'q2': True}}, 'answers': {{}}}})))
"""


@attack("races for the result from a child that stays", forged, settle=0.5)
def _race(w: World) -> str:
    return f"""
import os, time
if os.fork() == 0:
    os.setsid()
    for _ in range(100):
        time.sleep(0.1)
        try:
            open({str(w.result)!r}, 'w').write('{{"marks": {{"q2": true}}, "answers": {{}}}}')
        except OSError:
            pass
    os._exit(0)
"""


@attack("prints and writes the protocol itself, on every open descriptor", forged)
def _protocol(w: World) -> str:
    # Where nothing keeps it in, the result file is what a grader reads.
    return f"""
import json, os, atexit
forged = [
    {{'marks': {{'q2': True}}, 'answers': {{}}}},
    {{'question': 'q2', 'points': 1, 'state': 'there', 'share': 1}},
    *({{'step': n, 'variable': 'a2', 'state': 'there', 'payload': True}} for n in range(40)),
    *({{'step': n, 'variable': 'q2', 'state': 'right', 'payload': 1}} for n in range(40)),
]
lines = '\\n'.join(map(json.dumps, forged)).encode() + b'\\n'
deep = b'[' * 200_000 + b'\\n' + b'{{"step": 1, "state": ' + b'9' * 10_000 + b'}}\\n'
broken = b''.join(
    b'{{"step": %d, "state": "ended", "seconds": 1%s, "error": ""}}\\n'
    b'{{"step": %d, "variable": [], "state": "there", "payload": "\\\\ud800"}}\\n'
    % (n, b'0' * 400, n)
    for n in range(40)
)
for descriptor in range(3, 20):
    try:
        os.write(descriptor, b'\\n' + lines + broken + deep + b'{{"step": NaN}}\\n\\xff\\xfe\\n')
    except OSError:
        pass
print(lines.decode())
atexit.register(lambda: open({str(w.result)!r}, 'w').write(json.dumps(forged[0])))
"""


@attack("finds what takes its answers through gc and forges its records", forged)
def _records(w: World) -> str:
    # Where nothing keeps it in, what it finds is the loop of the grader itself.
    return """
import gc, json
for one in gc.get_objects():
    if type(one).__name__ == '_Driver':
        for step in range(40):
            one._send({'step': step, 'variable': 'a2', 'state': 'there', 'payload': True})
            one._send({'step': step, 'variable': 'q2', 'state': 'right', 'points': 1})
            one._send({'step': step, 'asked': {'student': 'eve', 'exercise': 'attack'}})
            one._send({'step': step, 'note': 'library', 'about': '<script>alert(1)</script>'})
            one._send({'step': step, 'note': ['library'], 'about': None})
            one._send({'step': step, 'asked': 'somebody-else'})
class Everything(int):
    __eq__ = lambda self, other: True
    __hash__ = int.__hash__
a2 = Everything(1)
"""
