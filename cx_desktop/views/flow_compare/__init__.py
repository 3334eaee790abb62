"""Two versions of a flow on one canvas: what came, what went, what is another, what moved."""
