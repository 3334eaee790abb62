"""The program's verbs for terminals and pipelines."""


def main() -> None:
    """Run the verb that the command line names."""
