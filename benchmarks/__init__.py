"""Speed and memory of the package beside the ways that students use without it.

``python -m benchmarks`` prints ratios; a module here holds the steps of one subject, and
`benchmarks.__main__` lists the modules.
"""
