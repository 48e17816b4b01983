"""The network on arrays: the only part of the room that imports numpy, scipy and networkx.

Only jobs and the command line import it.
"""
