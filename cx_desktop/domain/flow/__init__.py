"""IVR flows: the graph, its kinds of nodes, what may be linked, what is wrong, how it is drawn."""
