"""What runs in a student's JupyterLab or Colab runs in the sandbox; what cannot is noted."""

from __future__ import annotations

import pytest
from grading.in_sandbox import run, value
from grading.small_course import RIGHT, submission

from microns_widgets.grading.sandbox.missing_imports import after_missing_import

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("with_bubblewrap")]

#: First cells of notebooks that work; none of them may cost a point.
HARMLESS = {
    "matplotlib": [
        f"%matplotlib {word}\nimport matplotlib.pyplot as plt\nfig, ax = plt.subplots()"
        for word in ("", "inline", "notebook", "widget", "ipympl", "nbagg", "qt", "tk", "--list")
    ],
    "a backend with windows": [
        "import matplotlib\nmatplotlib.use('TkAgg')\nimport matplotlib.pyplot as plt\nplt.figure()",
        "import matplotlib.pyplot as plt\nplt.switch_backend('QtAgg')\nplt.plot([1])\nplt.show()",
        "import matplotlib\nmatplotlib.use('module://ipympl.backend_nbagg')",
        "import os\nos.environ['MPLBACKEND'] = 'Tk'\nfrom matplotlib.pyplot import plot\nplot([1])",
    ],
    "pylab": ["%pylab\nzeros(3)", "%pylab inline\nplot([1])", "%gui qt"],
    "config": [
        "%config InlineBackend.figure_format = 'retina'",
        "%config Completer.use_jedi = False",
        "%precision 3",
        "%xmode Plain",
        "%load_ext autoreload\n%autoreload 2",
        "import numpy as np\nnp.set_printoptions(precision=3)",
    ],
    "an extension that is not here": [
        "%load_ext nb_black",
        "%load_ext watermark\n%watermark -v",
        "%reload_ext lab_black",
        "%some_magic of_an_extension",
        "%%ai chatgpt\nwhat is a neuron?",
    ],
    "installing": [
        "!pip install numpy",
        "%pip install -q no-such-package",
        "!pip install no-such-package",
        "%conda install numpy",
        "!apt-get install something",
    ],
    "Colab": [
        "import sys\nassert 'google.colab' not in sys.modules",
        "from google.colab import drive\ndrive.mount('/content/drive')",
        "from google.colab import files\nfor name in files.upload(): print(name)",
        "from google.colab import output\noutput.enable_custom_widget_manager()",
        "from google.colab.patches import cv2_imshow",
        "get_ipython().magic('matplotlib inline')",
        "get_ipython().run_line_magic('matplotlib', 'inline')",
    ],
    "displays": [
        "from IPython.display import HTML, Image, clear_output, display\nclear_output()\n"
        "shown = display(HTML('<b>x</b>'), display_id=True)\nshown.update(HTML(''))",
        "from tqdm.notebook import tqdm\nfor _ in tqdm(range(3)): pass",
        "import ipywidgets as w\nout = w.Output()\nwith out:\n    print(1)\ndisplay(w.VBox([out]))",
        "import ipywidgets as w\nx = w.IntSlider()\nx.observe(print, 'value')\nx.value = 3",
        "%%html\n<b>x</b>",
        "%%javascript\nalert(1)",
        "print?\n?print",
        "class Odd:\n    def _repr_html_(self): raise ValueError\nOdd()",
    ],
    "asking": ["name = input('Your name? ')", "exit()", "quit()"],
    "debugging": [
        "breakpoint()\nx = 1",
        "import pdb; pdb.set_trace()\nx = 2",
        "from IPython.core.debugger import set_trace\nset_trace()",
        "try:\n    1 / 0\nexcept ZeroDivisionError:\n    import pdb; pdb.post_mortem()",
        "%debug",
        "%pdb on",
    ],
    "waiting": ["import asyncio\nawait asyncio.sleep(0)\nasync def f(): return 1\nawait f()"],
    "a shell": [
        "!ls",
        "files = !ls",
        "%%bash\necho hi",
        "%env A=1",
        "%cd .",
        "%%capture\nprint(1)",
    ],
}


@pytest.mark.parametrize("kind", HARMLESS)
def test_what_works_for_the_student_costs_nothing(kind):
    cells = HARMLESS[kind]
    done = run(*cells, "a1 = 1")
    assert [(cells[cell["index"]], cell["error"]) for cell in done.cells if cell["error"]] == []
    assert done.end == "whole"


def test_values_of_magics_and_widgets_are_there_for_later_cells():
    done = run(
        "%pylab inline\na1 = int(ones(3).sum())",
        "import ipywidgets as w\n@w.interact(n=(0, 5))\ndef f(n=2):\n    global a2\n    a2 = n",
        "%%capture shown\nprint('hi')\na3 = await __import__('asyncio').sleep(0, 3)",
    )
    assert [value(done, number) for number in (1, 2, 3)] == [3, 2, 3]


def test_what_is_missing_is_noted_with_its_cell():
    done = run(
        "a1 = len(input('How many? '))",
        "%load_ext watermark\n%watermark\nfrom getpass import getpass\na2 = getpass()",
        "import no_such_library\na3 = 3",
    )
    assert value(done, 1) == 0
    assert value(done, 3) == 3
    assert done.lacks == [
        [0, "input", "How many?"],
        [1, "extension", "watermark"],
        [1, "magic", "watermark"],
        [1, "input", "Password:"],
        [2, "library", "no_such_library"],
    ]


def test_a_missing_library_costs_what_uses_it():
    done = run(
        "import numpy as np, no_such.plots as nsp, math\nfrom no_such import express\n"
        "a1 = int(np.sqrt(math.pow(2, 2)))",
        "a2 = express(2)",
        "try:\n    import no_such\nexcept ImportError:\n    a3 = 3",
    )
    assert value(done, 1) == 2
    assert value(done, 2) == "missing"
    assert value(done, 3) == 3
    assert [cell["error"] for cell in done.cells] == [
        "",
        "NameError: name 'express' is not defined",
        "",
    ]
    assert done.lacks == [[0, "library", "no_such"]]


@pytest.mark.parametrize(
    "source",
    [
        "def f():\n    import no_such\nf()",
        "if True:\n    import no_such",
        "try:\n    import no_such\nfinally:\n    pass",
        "raise ModuleNotFoundError('no', name='no_such')",
    ],
)
def test_only_an_import_of_the_cell_itself_is_passed_over(source):
    with pytest.raises(ModuleNotFoundError) as caught:
        exec(compile(source, "cell", "exec"), {"__name__": "__main__"})
    assert after_missing_import(source, caught.value) is None


def test_figures_of_a_cell_are_closed_as_in_a_notebook_and_can_still_be_judged():
    done = run(
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2])\nplt.show()",
        "a2 = len(plt.get_fignums())",
        "a3 = len(ax.lines)",
    )
    assert (value(done, 2), value(done, 3)) == (0, 1)


def test_an_honest_notebook_with_a_plotting_magic_gets_all_its_points(course):
    first = "%matplotlib notebook\n%load_ext nb_black\nimport seaborn_extras, numpy as np\n"
    course.hand_in({"Ada": submission(RIGHT, before=first, student="ada")})
    ada = course.grade()["Ada"]
    assert [mark.points for mark in ada.marks][:2] == [2, 4]
    assert any("seaborn_extras" in flag for flag in ada.flags)


def test_a_first_cell_that_fails_is_flagged_in_large_letters_and_the_rest_counts(course):
    course.hand_in({"Bob": submission(RIGHT, before="from missing import *\nraise ValueError(3)")})
    bob = course.grade()["Bob"]
    assert [mark.points for mark in bob.marks][:2] == [2, 4]
    [flag] = [flag for flag in bob.flags if "FAILED" in flag]
    assert flag.startswith("CELL 1 FAILED")
    assert "ValueError: 3" in flag
    assert any("CELL 1 FAILED" in note for note in bob.notes)
