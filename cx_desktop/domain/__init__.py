"""Values and rules of the contact centre: no Qt, no I/O, no clock, no threads."""
