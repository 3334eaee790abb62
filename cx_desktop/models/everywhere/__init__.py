"""What is asked of all flows of a project at once: where something is used, where words stand."""
