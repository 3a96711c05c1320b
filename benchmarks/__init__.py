"""Speed and memory of the package, compared with what students would use instead.

``python -m benchmarks`` prints ratios. Each module here holds the steps of one subject;
`benchmarks.__main__` lists them.
"""
