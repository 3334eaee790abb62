"""``python -m cx_desktop``."""

from cx_desktop.cli import main

if __name__ == "__main__":
    main()
