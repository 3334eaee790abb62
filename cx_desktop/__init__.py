"""CX Desktop: run a contact centre's flows, accesses, recordings and campaigns from one window."""

__version__ = "0.1.0"
