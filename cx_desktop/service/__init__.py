"""The reference service: the API that CX Desktop talks to, in one process."""
